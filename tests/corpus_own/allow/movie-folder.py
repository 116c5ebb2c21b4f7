# media below the project folder
a = op('/project1').create(audiofileinCHOP, 'a')
a.par.file = project.folder + '/audio/track.wav'
