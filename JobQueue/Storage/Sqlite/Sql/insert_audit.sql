-- Who did what to what.
INSERT INTO audit (at, actor, action, tenant, target, detail, remote_address) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
