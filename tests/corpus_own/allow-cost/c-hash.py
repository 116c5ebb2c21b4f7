# technique: a hash over a text
text = op('text1').text
h = 5381
for character in text:
    h = (h * 33 + ord(character)) & 0xFFFFFFFF
result = f'{h:08x}'
