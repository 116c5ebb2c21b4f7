# asks whether there is a method
o = op('table1')
result = hasattr(o, 'appendRow') and not hasattr(o, 'destroyed')
