# technique: an operator that loads native code is created
op('/project1').create(cplusplusTOP, 'made')
