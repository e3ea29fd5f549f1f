SELECT xml FROM protection_keys ORDER BY id
