# steps of others are taken back
while ui.undo.undoStack:
    ui.undo.undo()
