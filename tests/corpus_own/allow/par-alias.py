# parameters set behind an alias
p = op('noise1').par
p.period = 2
p.amp += 0.1
