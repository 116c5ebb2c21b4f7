# one of a group's expressions is code
op('geo1').parGroup.t.expr = ('me.time.frame', 'op("x").destroy()', '0')
