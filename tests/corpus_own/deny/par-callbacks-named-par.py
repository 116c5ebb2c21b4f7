# the parameter kept in a name first
c = op('timer1').par.callbacks
c.val = 'agent_code'
