# media of the project
m = op('/project1').create(moviefileinTOP, 'm')
m.par.file = 'media/clip.mov'
