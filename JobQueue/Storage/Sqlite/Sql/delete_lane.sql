-- Closes a lane that holds no job any more.
DELETE FROM lanes WHERE id = ?1 AND pending + done + failed = 0;
