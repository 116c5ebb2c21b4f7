# a parameter bound to one that holds a value
op('geo1').par.tx.bindExpr = "op('base1').par.Speed"
