SELECT max(version) AS version FROM haul.version
