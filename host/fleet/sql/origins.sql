SELECT o.origin, o.slots, o.rate, coalesce(u.used, 0) AS used,
       greatest(0, extract(epoch FROM o.hold_until - now()))::float8 AS held
  FROM haul.origin o
  LEFT JOIN (SELECT origin, sum(slots) AS used FROM haul.origin_use WHERE lease_until > now() GROUP BY origin) u USING (origin)
 ORDER BY o.origin
