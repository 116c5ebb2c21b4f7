# getattr over names of which one is a door
for n in ('width', '__class__'):
    print(getattr(op('n'), n))
