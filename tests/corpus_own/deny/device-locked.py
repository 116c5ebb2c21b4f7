# technique: a camera of the show is locked
op('/project1/camera1').lockDevice()
