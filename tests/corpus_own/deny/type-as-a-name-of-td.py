# technique: td gives the type of the operator that is made, by its name
op('/project1').create(getattr(td, 'executeDAT'))
