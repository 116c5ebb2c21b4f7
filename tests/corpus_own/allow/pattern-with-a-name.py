# a class pattern reads what anything is called
match 1:
    case int(name=found):
        result = found
