# stops the cooking of what holds the guard, behind a name
root_path = '/'
o = op(root_path)
o.allowCooking = False
