# technique: a script CHOP gets a channel
op('/project1/script1').appendChan('tx')
