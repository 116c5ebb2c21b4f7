# technique: a file of keys is named
op('/project1/webserver1').par.certificate = '/etc/ssl/private/key.pem'
