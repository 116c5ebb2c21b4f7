# clears what can be undone
ui.undo.clear()
