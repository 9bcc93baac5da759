UPDATE haul.task t SET state = CASE WHEN $6 OR t.attempts >= u.max_attempts THEN 'failed' ELSE 'ready' END,
       lease_until = NULL, finished = clock_timestamp(), error = $5,
       -- A second after the first attempt, then twice as long each time, ten minutes at most.
       not_before = statement_timestamp() + make_interval(secs => least(600, 2 ^ least(t.attempts - 1, 10)))
  FROM haul.queue u
 WHERE t.job = $1::uuid AND t.host = $2 AND t.gen = $3 AND t.holder = $4::uuid AND t.state = 'held' AND u.name = t.queue
RETURNING t.state
