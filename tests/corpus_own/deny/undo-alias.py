# a step of others, by another name
u = ui.undo
u.undo()
