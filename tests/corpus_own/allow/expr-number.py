# a number filled into an expression
for i in range(4):
    op(f'geo{i}').par.tx.expr = f'absTime.seconds * {i + 1}'
