INSERT INTO protection_keys (name, xml) VALUES ($1, $2)
