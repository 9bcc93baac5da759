SELECT CASE WHEN t.host <> '' THEN t.host ELSE coalesce(h.host, '') END AS host, t.state, t.attempts, t.gen, t.bytes_done, t.bytes_total, t.error
  FROM haul.task t LEFT JOIN haul.worker h ON h.id = t.holder WHERE t.job = $1::uuid ORDER BY 1
