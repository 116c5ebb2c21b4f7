# technique: an image of gigabytes by the parameters of its size
t = op('/project1').create(noiseTOP, 'wall')
t.par.outputresolution = 'custom'
t.par.resolutionw = 200000
t.par.resolutionh = 200000
