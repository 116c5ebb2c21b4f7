# technique: the callbacks are found by the parameter that names them
callbacks = op('timer1').par.callbacks.eval()
callbacks.text = 'enabled = True'
