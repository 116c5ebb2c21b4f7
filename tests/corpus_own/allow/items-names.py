# technique: members by name, from a dictionary
for label, name in {'w': 'width', 'h': 'height'}.items():
    print(label, getattr(op('/project1/out1'), name))
