# technique: the cursor of a text is moved
op('/project1/text1').setCursorPosUV(0.5, 0.5)
