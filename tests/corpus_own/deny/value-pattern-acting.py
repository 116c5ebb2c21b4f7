# a method that a pattern hands to the comparison of the subject
t = op("t")
match 1:
    case t.appendRow:
        result = 1
