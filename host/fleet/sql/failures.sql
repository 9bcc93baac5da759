SELECT t.job::text, j.name, t.host, t.attempts, t.error FROM haul.task t JOIN haul.job j ON j.id = t.job
 WHERE t.queue = $1 AND t.state = 'failed' ORDER BY t.finished DESC LIMIT $2
