# technique: members by name, in pairs with labels
for label, name in zip(['w', 'h'], ['width', 'height']):
    print(label, getattr(op('/project1/out1'), name))
