# an undo block
ui.undo.startBlock('layout')
for i, c in enumerate(op('/project1').children):
    c.nodeX = i * 150
ui.undo.endBlock()
