# technique: an operator is copied
op('/project1').copy(op('/project1/noise1'))
