# technique: the method that looks up the guard has a name of its own
find = op('/').op
find('/project1/Policy' + 'Guard').par.tx = 1
