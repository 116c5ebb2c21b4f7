# a class that tells what it is
class Cue:
    def __init__(self, n):
        self.cue_name = n
    def __repr__(self):
        return f'Cue({self.cue_name})'
result = str(Cue('a'))
