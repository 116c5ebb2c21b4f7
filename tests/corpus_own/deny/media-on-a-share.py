# whoever opens a share of the network signs in there
op('/project1').create(moviefileinTOP, 'movie').par.file = '//files.example/show/clip.mov'
