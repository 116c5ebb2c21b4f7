# technique: a file of the machine is read into a component
op('/project1/base1').vfs.addFile('/etc/passwd')
