# an expression is put together in a loop
terms = 'me.digits'
for _ in range(3):
    terms = terms + f' + {op("noise1").width}'
op('geo1').par.tx.expr = terms
