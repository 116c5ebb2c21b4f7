# a component file on an engine by its default name
op('engine2').par.file = 'x.tox'
