-- The target answered.
DELETE FROM breakers WHERE tenant_id = ?1 AND target = ?2;
