# a private function that nobody in the script uses
def _hook(*args):
    return True
