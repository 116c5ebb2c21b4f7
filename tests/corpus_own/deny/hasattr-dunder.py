# hasattr on a dunder
result = hasattr((), '__class__')
