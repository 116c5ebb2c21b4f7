# technique: the name of a parameter is a key of a dict that a comprehension makes
for name, value in {'call' + end: 'x' for end in ['backs']}.items():
    setattr(op('timer1').par, name, value)
