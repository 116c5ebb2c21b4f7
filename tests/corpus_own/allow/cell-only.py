# technique: one cell is set
op('/project1/table1')[0, 0] = 'rest'
