# a member that is not known is read
result = op("n").nothing_like_it
