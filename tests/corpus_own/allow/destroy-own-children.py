# clears what a new component holds from the start
g = op('/project1').create(geometryCOMP, 'g')
for c in list(g.children):
    c.destroy()
g.create(sphereSOP, 'ball')
