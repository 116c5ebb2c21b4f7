# technique: a table gets a column
op('/project1/table1').appendCol(['a', 'b'])
