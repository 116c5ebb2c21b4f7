# an expression that repeats a text
op('geo1').par.tx.expr = 'len(str(1) * 99999999999)'
