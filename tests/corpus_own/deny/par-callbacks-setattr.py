# the same by setattr
setattr(op('timer1').par, 'callbacks', 'agent_code')
