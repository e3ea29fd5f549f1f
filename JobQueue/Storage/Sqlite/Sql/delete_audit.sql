-- Forgets the audit log up to an entry.
DELETE FROM audit WHERE id <= ?1;
