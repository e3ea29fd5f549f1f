DELETE FROM processes WHERE name = $1
