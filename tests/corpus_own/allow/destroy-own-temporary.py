# a temporary operator is removed again
n = op('/project1').create(nullTOP, 'tmp')
try:
    result = n.width
finally:
    n.destroy()
