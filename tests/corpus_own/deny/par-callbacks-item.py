# the same as an item
op('timer1').par['callbacks'] = 'agent_code'
