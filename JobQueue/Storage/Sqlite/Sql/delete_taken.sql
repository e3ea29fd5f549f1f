-- Takes the first jobs out of a lane, up to the last one leased: one statement however many were.
DELETE FROM ready WHERE lane_id = ?1 AND (rank, due_at, job_id) <= (?2, ?3, ?4);
