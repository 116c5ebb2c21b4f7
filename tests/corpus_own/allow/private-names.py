# private names of its own
_p = {'name': 'a'}
def _made(name):
    return op('/project1').create(nullTOP, name)
result = _made(_p['name']).path
