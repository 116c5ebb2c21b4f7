# technique: the window of the show is opened
op('/project1/window1').par.drawwindow = True
