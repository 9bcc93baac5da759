-- In the order of the names, so that two workers with several origins never wait for each other.
SELECT x.origin, s.granted, s.total, s.rate
  FROM (SELECT * FROM unnest($2::text[], $3::int[]) y (origin, wanted) ORDER BY y.origin) x,
       haul.queue u, LATERAL haul.share(x.origin, $1::uuid, x.wanted, u.lease) s
 WHERE u.name = $4
