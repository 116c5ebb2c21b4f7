# a timer's callbacks parameter points at a DAT of the agent's
t = op('timer1')
t.par.callbacks = 'agent_code'
