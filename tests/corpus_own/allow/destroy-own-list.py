# a list of operators of its own is removed again
made = []
for i in range(3):
    made.append(op('/project1').create(noiseTOP, f'n{i}'))
for o in made:
    o.destroy()
