# extension parameters set by a loop over their names
for n in ('ext0object', 'ext1object'):
    setattr(op('base1').par, n, 'op("x").module.X(me)')
