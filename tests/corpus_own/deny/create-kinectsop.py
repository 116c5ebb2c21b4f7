# technique: an operator that drives a device of the show is created
op('/project1').create(kinectSOP, 'made')
