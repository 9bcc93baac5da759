UPDATE haul.task t SET state = 'ready', attempts = 0, not_before = '-infinity', finished = NULL
 WHERE t.queue = $1 AND t.job = ANY ($2::text[]::uuid[]) AND t.state = 'failed'
