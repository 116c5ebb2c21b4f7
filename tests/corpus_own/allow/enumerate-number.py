# technique: the number of a turn stands in an expression
for number, source in enumerate(op('/project1').findChildren(type=noiseTOP)):
    source.par.tx.expr = f'absTime.seconds * {number}'
