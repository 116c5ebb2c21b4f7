# an address of the web on a movie reader
m = op('/project1').create(moviefileinTOP, 'm')
m.par.file = 'http://evil.example/a.png'
