# opens a window over the show by pulse
op('win').par.winopen.pulse()
