# external component handed to a helper
def put(o, path):
    o.par.externaltox = path
put(op('base1'), 'x.tox')
