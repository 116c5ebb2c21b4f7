# parameters set as items
for name, value in {'tx': 1, 'ty': 2}.items():
    op('geo1').par[name] = value
