SELECT origin, extract(epoch FROM hold_until - statement_timestamp())::float8 AS seconds FROM haul.origin
 WHERE hold_until > statement_timestamp()
