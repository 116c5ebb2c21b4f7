# cell of an evaluate DAT
op('evaluate1')[0, 0] = 'me.destroy()'
