# a share of the network is never media of the project, whatever operator opens it
op('movie1').par.file = '\\\\files.example\\show\\clip.mov'
