# an expression that is read elsewhere
op('n').par.tx.expr = op('table1')[0, 0].val
