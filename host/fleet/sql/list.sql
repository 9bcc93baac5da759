SELECT j.id::text, j.name, j.priority::int, j.cancelled IS NOT NULL AS cancelled, extract(epoch FROM now() - j.created)::float8 AS age,
       s.ready, s.held, s.done, s.failed
  FROM haul.job j,
       LATERAL (SELECT count(*) FILTER (WHERE state = 'ready') AS ready, count(*) FILTER (WHERE state = 'held') AS held,
                       count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'failed') AS failed
                  FROM haul.task t WHERE t.job = j.id) s
 WHERE j.queue = $1 ORDER BY j.id DESC LIMIT $2
