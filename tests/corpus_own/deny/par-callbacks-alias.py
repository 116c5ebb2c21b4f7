# the same behind an alias of the collection
p = op('timer1').par
p.callbacks = 'agent_code'
