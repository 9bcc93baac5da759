-- An id or its prefix, which is given as the first and the last id that begin so, or a name.
(SELECT id::text, name FROM haul.job WHERE queue = $1 AND id BETWEEN $3::uuid AND $4::uuid LIMIT 2)
UNION
(SELECT id::text, name FROM haul.job WHERE queue = $1 AND name = $2 LIMIT 2)
