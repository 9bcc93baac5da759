SELECT t.job::text, t.gen, coalesce(t.holder = $2::uuid, false) AS mine, t.state, j.name, j.spec::text
  FROM unnest($3::text[]::uuid[]) x (job) JOIN haul.task t ON t.job = x.job AND t.host = $1 JOIN haul.job j ON j.id = t.job
