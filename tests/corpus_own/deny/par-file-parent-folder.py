# media outside the project folder by a relative path
m = op('/project1').create(moviefileinTOP, 'm')
m.par.file = '../../secret/photo.png'
