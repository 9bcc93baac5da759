-- One notification for all jobs: a transaction with a notification holds a lock of the whole server while it commits.
WITH q AS (UPDATE haul.queue SET added = added + 1 WHERE name = $1 RETURNING name, kind),
     new AS (INSERT INTO haul.job (id, queue, name, priority, spec, selector)
             SELECT haul.new_id(), q.name, x.name, $4, x.spec::jsonb, $5::jsonb
               FROM q, unnest($2::text[], $3::text[]) x (name, spec) RETURNING id, queue, name, priority),
     tasks AS (INSERT INTO haul.task (job, queue, priority)
               SELECT new.id, new.queue, new.priority FROM new, q WHERE q.kind = 'once'),
     hint AS (SELECT pg_notify('haul_fleet', name) FROM q)
SELECT new.id::text, new.name FROM new, hint
