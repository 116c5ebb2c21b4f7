# technique: members by name, counted
for number, name in enumerate(['width', 'height']):
    print(number, getattr(op('/project1/out1'), name))
