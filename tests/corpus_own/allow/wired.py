# technique: one operator is wired into another
op('/project1/level1').inputConnectors[0].connect(op('/project1/noise1'))
