# technique: the textport of the person is cleared
clear()
