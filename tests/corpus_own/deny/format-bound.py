# a bound format kept in a list
fs = ['{0.real}'.format]
result = fs[0](1)
