-- Notes which job tells of an end.
INSERT INTO callbacks (ended_id, job_id) VALUES (?1, ?2);
