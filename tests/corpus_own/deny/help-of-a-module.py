# technique: help imports what it is asked about
help('antigravity')
