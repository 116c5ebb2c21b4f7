# a member that is not known is set
op("n").nothing_like_it = 1
