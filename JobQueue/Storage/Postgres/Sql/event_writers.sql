SELECT writer, first, last FROM event_writers;
