# a class with private members
class Grid:
    def __init__(self, step):
        self._step = step
    def _place(self, i):
        return i * self._step
    def run(self):
        return [self._place(i) for i in range(4)]
result = Grid(150).run()
