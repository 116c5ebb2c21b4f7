# technique: the last expression, which is the reply, is large
row = 'frame ' * 400000
row
