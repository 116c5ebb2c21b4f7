# technique: replicants are made anew
op('/project1/replicator1').par.recreateall.pulse()
