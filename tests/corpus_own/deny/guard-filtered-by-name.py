# the guard is filtered out of its neighbours
found = list(filter(lambda c: c.name == 'PolicyGuard', op('/project1').children))
found[0].par.Mode = 0
