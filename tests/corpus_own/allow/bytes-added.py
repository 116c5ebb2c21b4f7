# technique: a component keeps some bytes
op('/project1/base1').vfs.addByteArray(bytearray(b'abc'), 'a.bin')
