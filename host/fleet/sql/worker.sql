INSERT INTO haul.worker (id, queue, host, version, labels, started, seen)
VALUES ($1::uuid, $2, $3, $4, $5::jsonb, statement_timestamp(), statement_timestamp())
ON CONFLICT (id) DO UPDATE SET queue = excluded.queue, host = excluded.host, version = excluded.version, labels = excluded.labels,
  started = CASE WHEN $6 THEN excluded.started ELSE haul.worker.started END, seen = excluded.seen
