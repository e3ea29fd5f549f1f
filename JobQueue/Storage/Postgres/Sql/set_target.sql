UPDATE jobs SET target = $2 WHERE id = $1
