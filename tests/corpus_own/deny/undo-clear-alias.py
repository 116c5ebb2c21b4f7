# the same behind a name
u = ui.undo
u.clear()
