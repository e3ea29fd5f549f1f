SELECT pg_notify('jobqueue', $1);
