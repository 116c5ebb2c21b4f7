# technique: range under another name, with a size in a name
r = range
TURNS = 10 ** 9
if absTime.frame < 0:
    for i in r(TURNS):
        pass
