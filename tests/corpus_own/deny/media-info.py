# technique: a media file of the machine is looked into
op('/project1/info1').fetchInfo('/home/artist/private.mov')
