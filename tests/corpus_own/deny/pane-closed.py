# technique: a pane of the person is closed
ui.panes[0].close()
