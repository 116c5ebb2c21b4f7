# technique: an operator that reads files is created
op('/project1').create(folderDAT, 'made')
