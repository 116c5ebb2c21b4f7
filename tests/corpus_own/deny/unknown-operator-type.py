# an operator of a type that is not known
op("/project1").create("somebodysPluginDAT", "x")
