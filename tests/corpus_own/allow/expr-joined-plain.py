# a plain expression put together
lfo = op('lfo1')
op('geo1').par.ty.expr = 'op("' + lfo.name + '")[0] * ' + str(2)
