-- A worker that ends gives its tasks back; that is no attempt.
UPDATE haul.task t SET state = 'ready', lease_until = NULL, attempts = t.attempts - 1
  FROM unnest($3::text[]::uuid[], $4::bigint[]) x (job, gen)
 WHERE t.job = x.job AND t.host = $1 AND t.gen = x.gen AND t.holder = $2::uuid AND t.state = 'held'
