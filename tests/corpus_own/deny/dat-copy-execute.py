# copies an execute DAT by its default name
op('/project1').copy(op('execute1'))
