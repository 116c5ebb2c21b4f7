# technique: the guard's name stands on the left of the comparison
for c in op('/project1').children:
    if 'PolicyGuard' == c.name:
        c.bypass = True
