# technique: every note of a device of the show is switched off
op('/project1/midiout1').panic()
