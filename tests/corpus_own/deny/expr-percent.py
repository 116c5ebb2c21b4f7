# an expression filled in by percent
op('n').par.tx.expr = "op('%s').destroy()" % 'x'
