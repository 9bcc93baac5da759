SELECT kind, paused, extract(epoch FROM lease)::float8 AS lease, max_attempts, added FROM haul.queue WHERE name = $1
