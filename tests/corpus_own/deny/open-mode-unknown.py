# open with a mode that is not known
open('x', op('n').name)
