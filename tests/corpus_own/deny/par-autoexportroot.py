# technique: channels drive parameters of another component
op('/project1/constant1').par.autoexportroot = '/'
