# words that look dangerous as cells
t = op('menu1')
t.clear()
for w in ['open', 'eval', 'system', 'exit']:
    t.appendRow([w])
