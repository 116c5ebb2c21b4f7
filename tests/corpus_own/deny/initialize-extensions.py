# technique: extension code is started anew
op('/project1/base1').initializeExtensions()
