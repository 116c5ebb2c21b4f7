# technique: a parameter whose name a table tells is pressed
op('/project1/timer1').par[op('/project1/names')[0, 0].val].pulse()
