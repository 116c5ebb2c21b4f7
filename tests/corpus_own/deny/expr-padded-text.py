# an expression that pads a text
op('geo1').par.tx.expr = "len('%99999999999s' % 1)"
