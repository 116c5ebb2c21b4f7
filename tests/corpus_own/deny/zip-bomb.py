# technique: a few bytes from a text become gigabytes
import zlib
zlib.decompress(bytes.fromhex(op('/project1/text1').text))
