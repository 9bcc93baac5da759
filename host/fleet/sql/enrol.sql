-- Machines make their own tasks, so the caller that adds a job need not know the fleet.
INSERT INTO haul.task (job, host, queue, priority)
SELECT j.id, $2, j.queue, j.priority FROM haul.job j
 WHERE j.queue = $1 AND j.cancelled IS NULL AND $3::jsonb @> j.selector
   AND NOT EXISTS (SELECT FROM haul.task t WHERE t.job = j.id AND t.host = $2)
ON CONFLICT DO NOTHING
