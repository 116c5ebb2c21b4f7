# file parameter of a file writer that is created by type name kept in a list
kinds = [fileoutDAT]
d = op('/project1').create(kinds[0])
d.par.file = 'x.txt'
