# looks the guard up through an alias of op
find = op
find('/project1/PolicyGuard').par.Enable = False
