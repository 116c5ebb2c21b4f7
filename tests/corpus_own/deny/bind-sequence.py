# a binding to a block of a sequence, by a shorter name
op('geo1').par.Foo.bindExpr = "op('base1').seq.ext[0].par.object"
