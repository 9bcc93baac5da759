-- A schema of its own, and every statement names it: behind a pooler, the search path of a session belongs to other clients too.
CREATE SCHEMA haul;

CREATE TABLE haul.version (version int NOT NULL);
INSERT INTO haul.version VALUES (1);

CREATE TABLE haul.queue (
  name text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('once', 'each')),
  lease interval NOT NULL CHECK (lease BETWEEN '2 s' AND '1 h'),
  max_attempts int NOT NULL CHECK (max_attempts > 0),
  paused boolean NOT NULL DEFAULT false,
  -- Counts the calls that added jobs. Workers look for new jobs only after it has changed.
  added bigint NOT NULL DEFAULT 0
);

CREATE TABLE haul.job (
  id uuid PRIMARY KEY,
  queue text NOT NULL REFERENCES haul.queue,
  name text NOT NULL CHECK (octet_length(name) <= 1024),
  priority smallint NOT NULL,
  -- Files and settings; the name of a credential, never a credential.
  spec jsonb NOT NULL,
  -- Labels that a machine must have, in a queue of kind 'each'.
  selector jsonb NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  cancelled timestamptz
);
CREATE INDEX job_queue ON haul.job (queue, id);
CREATE INDEX job_name ON haul.job (queue, name);

-- The unit of leases: a job in a queue of kind 'once' (host is ''), a job on one machine in a queue of kind 'each'.
CREATE TABLE haul.task (
  job uuid NOT NULL REFERENCES haul.job ON DELETE CASCADE,
  host text NOT NULL DEFAULT '',
  queue text NOT NULL,
  priority smallint NOT NULL,
  state text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'held', 'done', 'failed', 'cancelled')),
  -- The fencing token: each claim increments it, and every later statement of the holder names it.
  gen bigint NOT NULL DEFAULT 0,
  holder uuid,
  lease_until timestamptz,
  attempts int NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL DEFAULT '-infinity',
  bytes_done bigint NOT NULL DEFAULT 0,
  bytes_total bigint,
  error text,
  finished timestamptz,
  PRIMARY KEY (job, host),
  CHECK ((state = 'held') = (lease_until IS NOT NULL))
-- Renewals rewrite rows; free space in each page lets them stay on it.
) WITH (fillfactor = 70);
-- Job ids are UUIDv7, so their order is the order of arrival.
CREATE INDEX task_ready ON haul.task (queue, host, priority DESC, job) WHERE state = 'ready';
CREATE INDEX task_held ON haul.task (queue, host, lease_until) WHERE state = 'held';
CREATE INDEX task_failed ON haul.task (queue, finished) WHERE state = 'failed';

CREATE TABLE haul.origin (
  origin text PRIMARY KEY,
  -- Exchanges in flight of the whole fleet; NULL is unlimited.
  slots int CHECK (slots > 0),
  -- Bytes per second of the whole fleet. Each slot has an equal part of it.
  rate bigint CHECK (rate > 0),
  -- Until then no worker sends a request to the origin.
  hold_until timestamptz,
  CHECK (rate IS NULL OR slots IS NOT NULL)
);
CREATE TABLE haul.origin_use (
  origin text NOT NULL REFERENCES haul.origin ON DELETE CASCADE,
  worker uuid NOT NULL,
  slots int NOT NULL,
  lease_until timestamptz NOT NULL,
  PRIMARY KEY (origin, worker)
);

CREATE TABLE haul.worker (
  id uuid PRIMARY KEY,
  queue text NOT NULL REFERENCES haul.queue,
  host text NOT NULL,
  version text NOT NULL,
  labels jsonb NOT NULL,
  started timestamptz NOT NULL,
  seen timestamptz NOT NULL
);
CREATE INDEX worker_queue ON haul.worker (queue, host);

-- A UUIDv7 (RFC 9562): PostgreSQL has a function for it from version 18 on. The time of the server orders jobs of all clients.
CREATE FUNCTION haul.new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- The share of an origin that a worker gets: as many slots as it wants, if they are free. NULL for an origin without a limit.
--
-- A function, because the sum needs a snapshot that is younger than the lock: in one statement it would miss the share that another
-- worker took while this one waited.
CREATE FUNCTION haul.share(wanted_origin text, asking uuid, wanted int, lease interval, OUT granted int, OUT total int, OUT rate bigint)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  known haul.origin;
  used bigint;
BEGIN
  SELECT * INTO known FROM haul.origin o WHERE o.origin = wanted_origin FOR UPDATE;
  IF known.slots IS NULL THEN
    RETURN;
  END IF;
  DELETE FROM haul.origin_use u WHERE u.origin = wanted_origin AND (u.worker = asking OR u.lease_until < clock_timestamp());
  SELECT coalesce(sum(u.slots), 0) INTO used FROM haul.origin_use u WHERE u.origin = wanted_origin;
  granted := least(wanted, greatest(known.slots - used, 0));
  total := known.slots;
  rate := known.rate / known.slots;
  IF granted > 0 THEN
    INSERT INTO haul.origin_use VALUES (wanted_origin, asking, granted, clock_timestamp() + lease);
  END IF;
END
$$;

-- Roles belong to the server, so another database may have made them already.
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['haul_add', 'haul_work', 'haul_look'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role);
    END IF;
  END LOOP;
END
$$;
GRANT USAGE ON SCHEMA haul TO haul_add, haul_work, haul_look;
GRANT SELECT ON ALL TABLES IN SCHEMA haul TO haul_add, haul_work, haul_look;
GRANT UPDATE (paused, added) ON haul.queue TO haul_add;
GRANT INSERT, UPDATE (cancelled) ON haul.job TO haul_add;
GRANT INSERT, UPDATE ON haul.task TO haul_add;
GRANT INSERT, UPDATE (slots, rate) ON haul.origin TO haul_add;
GRANT INSERT, UPDATE ON haul.task TO haul_work;
GRANT INSERT, UPDATE ON haul.origin TO haul_work;
GRANT INSERT, UPDATE, DELETE ON haul.origin_use TO haul_work;
GRANT INSERT, UPDATE ON haul.worker TO haul_work;
