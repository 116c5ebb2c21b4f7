# technique: a pattern stands for a billion names
tdu.expand('A[1-1000000000]')
