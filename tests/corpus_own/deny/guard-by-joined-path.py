# the guard's path put together
p = '/project1/' + 'PolicyGuard'
op(p).bypass = True
