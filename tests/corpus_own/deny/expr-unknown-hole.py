# an unknown text filled into an expression
name = input_name = op('t')[0, 0].val
op('n').par.tx.expr = f'op("{name}").par.tx'
