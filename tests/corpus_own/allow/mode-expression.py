# a mode set beside a plain expression
p = op('geo1').par.rx
p.expr = 'absTime.frame'
p.mode = ParMode.EXPRESSION
