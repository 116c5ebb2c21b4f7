# the guard is told apart by the end of its name
for c in op('/project1').children:
    if c.name.endswith('Guard'):
        c.bypass = True
