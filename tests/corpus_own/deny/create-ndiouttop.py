# technique: an operator that speaks to the network is created
op('/project1').create(ndioutTOP, 'made')
