-- Idempotent: if the answer to the first acknowledgement was lost, the second is accepted too.
UPDATE haul.task SET state = 'done', lease_until = NULL, finished = clock_timestamp(), error = NULL, bytes_done = $5, bytes_total = $5
 WHERE job = $1::uuid AND host = $2 AND gen = $3 AND holder = $4::uuid AND state IN ('held', 'done')
RETURNING 1
