# a program put together of known texts for a DAT of unknown use
head = 'import '
body = head + 'os\nos.system("true")'
op('note').text = body
