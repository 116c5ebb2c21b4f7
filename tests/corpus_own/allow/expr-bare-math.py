# sine without the module's name
op('cam1').par.tx.expr = 'cos(absTime.seconds * 0.3) * 6'
