# technique: members by name, in pairs with paths
for path, name in [('/project1/out1', 'width'), ('/project1/out2', 'height')]:
    print(path, getattr(op(path), name))
