# a file that is no media on a movie reader
m = op('/project1').create(moviefileinTOP, 'm')
m.par.file = 'settings.json'
