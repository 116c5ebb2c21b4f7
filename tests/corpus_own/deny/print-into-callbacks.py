# technique: print writes code into a DAT that TouchDesigner runs
print("import os\nos.remove('x')", file=op('chopexecute1'))
