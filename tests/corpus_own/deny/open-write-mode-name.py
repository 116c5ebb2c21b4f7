# open with a mode kept in a name
m = 'w'
open('x', m)
