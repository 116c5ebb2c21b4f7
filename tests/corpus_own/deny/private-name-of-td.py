# technique: a name of td that is Python's own
result = getattr(td, '__dict__')
