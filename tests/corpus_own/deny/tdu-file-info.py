# technique: what is on the disk is looked up
tdu.FileInfo('/etc/passwd')
