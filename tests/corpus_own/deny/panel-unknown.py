# a door reached as a value of a panel
x = op('c').panel.__class__
