# a part of an expression stands in two others
factor = f'* {op("noise1").width}'
rest = f'{factor} + 2'
op('geo1').par.tx.expr = f'me.digits {rest}'
op('geo2').par.tx.expr = f'me.digits {rest}'
