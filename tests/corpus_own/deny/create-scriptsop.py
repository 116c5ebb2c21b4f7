# technique: an operator that runs Python is created
op('/project1').create(scriptSOP, 'made')
