# technique: an operator that writes files is created
op('/project1').create(moviefileoutTOP, 'made')
