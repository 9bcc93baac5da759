INSERT INTO haul.origin (origin, slots, rate) VALUES ($1, $2, $3)
ON CONFLICT (origin) DO UPDATE SET slots = excluded.slots, rate = excluded.rate
