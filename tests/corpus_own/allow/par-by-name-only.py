# technique: a parameter whose name a table tells
op('/project1/geo1').par[op('/project1/names')[0, 0].val] = 2
