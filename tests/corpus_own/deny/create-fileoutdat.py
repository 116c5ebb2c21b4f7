# technique: an operator that writes files is created
op('/project1').create(fileoutDAT, 'made')
