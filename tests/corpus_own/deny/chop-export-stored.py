# technique: channels are let drive any parameter of the project
op('/project1/constant1').export = True
