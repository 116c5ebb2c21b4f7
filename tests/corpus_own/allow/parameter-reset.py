# technique: a parameter gets its default back
op('/project1/geo1').par.tx.reset()
