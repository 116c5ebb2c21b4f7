# technique: a table is made too large for the frame
op('table1').setSize(100000, 100000)
