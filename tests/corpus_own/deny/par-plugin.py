# native plugin by parameter
op('something').par.plugin = 'x.dll'
