# technique: channels become keyframes
op('/project1/animation1').convertToKeyframes()
