# a member of the guard's kind as an own attribute of another class
class A:
    def __init__(self):
        self.gi_frame = 1
g = (x for x in [1])
result = g.gi_frame
