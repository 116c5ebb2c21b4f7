# technique: a number is stored on an operator
op('/project1').store('level', 3)
