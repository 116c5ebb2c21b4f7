# technique: a table gets rows as text
op('/project1/table1').csv = 'a,b'
