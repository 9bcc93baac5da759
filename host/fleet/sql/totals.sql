-- Reads every task of the queue.
SELECT state, count(*) AS tasks, coalesce(sum(bytes_done), 0)::bigint AS bytes FROM haul.task WHERE queue = $1 GROUP BY state
