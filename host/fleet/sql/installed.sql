SELECT to_regclass('haul.version') IS NOT NULL AS installed
