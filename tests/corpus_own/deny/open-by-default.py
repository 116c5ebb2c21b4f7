# opens a file to read it
result = open("/tmp/pg_marker")
