-- Removes an ended job. Its attempts and its log went before it, as many as a transaction may; its dead letter goes with it.
DELETE FROM jobs WHERE id = ?1 AND status <> 0;
