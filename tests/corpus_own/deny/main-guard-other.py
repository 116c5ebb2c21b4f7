# another comparison of the name of the module
if __name__ != 'x':
    pass
