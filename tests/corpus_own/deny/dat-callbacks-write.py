# write into a DAT whose name says callbacks
d = op('chopexec1')
d.write('def onValueChange(c, i, v, p):\n    pass')
