# text of the DAT that a callbacks parameter names
op('timer1').par.callbacks.eval().text = 'def onDone(t, s, i):\n    pass'
