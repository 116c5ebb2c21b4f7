# an expression that reckons for minutes
op('geo1').par.tx.expr = 'math.comb(99999999, 49999999)'
