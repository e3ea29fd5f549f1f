-- A job that goes is told of no more. The jobs that told of it stay as long as others do.
DELETE FROM callbacks WHERE ended_id = ?1;
