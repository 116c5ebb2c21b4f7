# technique: files of a component are written to the disk
op('/project1/base1').vfs.export('/tmp/out')
