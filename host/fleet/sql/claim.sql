-- Lapsed leases first, then ready tasks; two CTEs, because FOR UPDATE is not allowed under UNION. statement_timestamp(), because
-- clock_timestamp() is volatile and each claim would read all held rows instead of the index.
WITH lapsed AS (SELECT job, host FROM haul.task WHERE queue = $1 AND host = $2 AND state = 'held' AND lease_until < statement_timestamp()
                 ORDER BY lease_until LIMIT $4 FOR UPDATE SKIP LOCKED),
     ready AS (SELECT job, host FROM haul.task WHERE queue = $1 AND host = $2 AND state = 'ready' AND not_before <= statement_timestamp()
                ORDER BY priority DESC, job LIMIT $4 FOR UPDATE SKIP LOCKED),
     c AS (SELECT * FROM lapsed UNION ALL SELECT * FROM ready LIMIT $4)
UPDATE haul.task t SET
       state = CASE WHEN t.attempts < u.max_attempts THEN 'held' ELSE 'failed' END,
       lease_until = CASE WHEN t.attempts < u.max_attempts THEN clock_timestamp() + u.lease END,
       finished = CASE WHEN t.attempts >= u.max_attempts THEN clock_timestamp() END,
       error = CASE WHEN t.attempts < u.max_attempts THEN t.error ELSE coalesce(t.error, 'its workers disappeared') END,
       gen = t.gen + 1, holder = $3::uuid, attempts = t.attempts + least(1, u.max_attempts - t.attempts)
  FROM c, haul.queue u, haul.job j
 WHERE t.job = c.job AND t.host = c.host AND u.name = $1 AND NOT u.paused AND j.id = t.job
RETURNING t.job::text, t.gen, t.state = 'held' AS held, j.name, j.spec::text
