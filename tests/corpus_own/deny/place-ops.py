# hands an operator to be deleted to the cursor
ui.panes.current.placeOPs([], delOP=op('/project1/x'))
