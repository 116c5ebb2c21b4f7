# technique: an operator that loads native code is created
op('/project1').create(cplusplusCHOP, 'made')
