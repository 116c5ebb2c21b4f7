# takes a global shortcut that the project uses
op('base1').par.opshortcut = 'Control'
