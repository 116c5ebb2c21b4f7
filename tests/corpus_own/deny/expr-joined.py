# an expression put together of known texts
a = 'op("x")'
op('n').par.tx.expr = a + '.destroy()'
