# technique: a finally that throws the way out away
if absTime.frame < 0:
    def spin():
        while True:
            try:
                return 1
            finally:
                continue
    spin()
