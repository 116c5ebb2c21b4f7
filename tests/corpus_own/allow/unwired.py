# technique: a wire is taken away
op('/project1/level1').inputConnectors[0].disconnect()
