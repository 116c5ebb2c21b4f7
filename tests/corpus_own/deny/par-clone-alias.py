# clone parameter behind two aliases
b = op('base1')
p = b.par
p.clone = '/sys/quiet'
