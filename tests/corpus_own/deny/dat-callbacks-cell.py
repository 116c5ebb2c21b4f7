# a cell of an execute DAT
op('execute2')[0, 0] = 'import os'
