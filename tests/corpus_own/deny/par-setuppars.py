# technique: the callbacks are called to set up parameters
op('/project1/script1').par.setuppars.pulse()
