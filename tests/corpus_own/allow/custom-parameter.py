# technique: a page gets a custom parameter
op('/project1/base1').appendCustomPage('Show').appendFloat('Level')
