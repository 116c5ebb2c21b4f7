# expressions of a group
op('geo1').parGroup.t.expr = ('absTime.frame', 'me.digits', '0')
