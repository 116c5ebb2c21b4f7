# the value of the parameter object
op('timer1').par.callbacks.val = 'agent_code'
