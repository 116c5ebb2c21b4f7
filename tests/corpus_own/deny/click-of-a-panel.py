# technique: a panel is pressed, which runs the code behind it
op('/project1/button1').click()
