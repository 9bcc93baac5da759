-- All that a worker holds in one statement. A task that does not come back is lost.
UPDATE haul.task t SET lease_until = clock_timestamp() + u.lease, bytes_done = x.done, bytes_total = x.total
  FROM unnest($4::text[]::uuid[], $5::bigint[], $6::bigint[], $7::bigint[]) x (job, gen, done, total), haul.queue u
 WHERE t.job = x.job AND t.host = $2 AND t.gen = x.gen AND t.holder = $3::uuid AND t.state = 'held' AND u.name = $1
RETURNING t.job::text
