# a binding to an item, whose name is not behind a dot
op('geo1').par.Foo.bindExpr = "op('timer1').par['callbacks']"
