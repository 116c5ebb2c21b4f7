# the guard is told apart by a part of its name
for c in op('/project1').children:
    if 'Guard' in c.name:
        c.bypass = True
