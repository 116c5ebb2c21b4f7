# binds a custom parameter to one that runs code
op('base1').par.Mine.bindExpr = "op('timer1').par.callbacks"
