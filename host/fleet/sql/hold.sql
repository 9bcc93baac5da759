-- At most ten minutes, as the engine waits for one origin. Only a hold that is longer by a second is news for other workers.
INSERT INTO haul.origin AS o (origin, hold_until) VALUES ($1, clock_timestamp() + make_interval(secs => least($2, 600)))
ON CONFLICT (origin) DO UPDATE SET hold_until = excluded.hold_until
 WHERE excluded.hold_until > coalesce(o.hold_until, '-infinity') + interval '1 s'
RETURNING pg_notify('haul_fleet', '')
