# an expression is cleared
op('geo1').par.tx.expr = ''
