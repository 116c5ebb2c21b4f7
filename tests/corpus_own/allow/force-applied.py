# technique: an object is pushed
op('/project1/actor1').applyForce((0, 1, 0))
