# technique: the only way out is an exception that is caught inside
if absTime.frame < 0:
    while True:
        try:
            raise ValueError('again')
        except (ValueError, KeyError):
            pass
