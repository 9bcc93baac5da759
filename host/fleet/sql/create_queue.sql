-- Without effect if the queue exists; a queue keeps its kind, because its tasks depend on it.
INSERT INTO haul.queue (name, kind, lease, max_attempts) VALUES ($1, $2, make_interval(secs => $3), $4) ON CONFLICT (name) DO NOTHING RETURNING 1
