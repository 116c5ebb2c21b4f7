# technique: which function looks up the guard is chosen by a condition
(op if absTime.frame > 0 else ops)('/project1/Policy' + 'Guard').par.tx = 1
