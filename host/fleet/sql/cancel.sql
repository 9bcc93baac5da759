WITH j AS (UPDATE haul.job SET cancelled = coalesce(cancelled, now()) WHERE queue = $1 AND id = ANY ($2::text[]::uuid[]) RETURNING id),
     t AS (UPDATE haul.task t SET state = 'cancelled', lease_until = NULL, finished = clock_timestamp()
             FROM j WHERE t.job = j.id AND t.state IN ('ready', 'held', 'failed'))
SELECT id::text FROM j
