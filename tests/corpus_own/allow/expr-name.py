# an operator's path filled into an expression
lfo = op('/project1').create(lfoCHOP, 'lfo1')
op('geo1').par.ty.expr = f"op('{lfo.path}')['chan1']"
