-- Reads every task of the queue. In a queue of kind 'once' a task belongs to the machine of its last holder.
WITH t AS (SELECT CASE WHEN t.host <> '' THEN t.host ELSE h.host END AS host, t.state, t.bytes_done
             FROM haul.task t LEFT JOIN haul.worker h ON h.id = t.holder WHERE t.queue = $1),
     c AS (SELECT host, count(*) FILTER (WHERE state = 'ready') AS ready, count(*) FILTER (WHERE state = 'held') AS held,
                  count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'failed') AS failed,
                  coalesce(sum(bytes_done), 0)::bigint AS bytes
             FROM t WHERE host IS NOT NULL GROUP BY host),
     w AS (SELECT DISTINCT ON (host) host, version, seen FROM haul.worker WHERE queue = $1 ORDER BY host, seen DESC)
SELECT host, w.version, extract(epoch FROM now() - w.seen)::float8 AS seen, coalesce(c.ready, 0) AS ready,
       coalesce(c.held, 0) AS held, coalesce(c.done, 0) AS done, coalesce(c.failed, 0) AS failed, coalesce(c.bytes, 0) AS bytes
  FROM w FULL JOIN c USING (host) ORDER BY host
