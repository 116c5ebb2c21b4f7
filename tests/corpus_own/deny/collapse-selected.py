# moves what a person has selected
op('/project1').collapseSelected()
