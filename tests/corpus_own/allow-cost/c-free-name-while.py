# technique: the first free name with a while loop
i = 1
while op(f'/project1/noise{i}') is not None:
    i += 1
result = f'noise{i}'
