SELECT value FROM meta WHERE key = 'event_key';
