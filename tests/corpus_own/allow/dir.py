# public members for a report
result = [n for n in dir(op('noise1').par) if n.startswith('t')]
