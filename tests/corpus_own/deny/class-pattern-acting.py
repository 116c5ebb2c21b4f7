# a pattern that takes a method which acts
match op("a"):
    case TOP(destroy=d):
        d()
