# technique: an operator shows an error
op('/project1/geo1').addScriptError('missing')
