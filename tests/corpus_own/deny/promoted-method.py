# runs what an extension of the project promotes
op("comp1").Fire()
