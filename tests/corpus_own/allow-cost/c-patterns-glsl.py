# technique: patterns on a shader
import re
text = op('glsl1_pixel').text
uniforms = re.findall(r'uniform\s+(\w+)\s+(\w+)\s*;', text)
plain = re.sub(r'//.*$', '', text, flags=re.MULTILINE)
numbers = re.findall(r'[-+]?\d*\.?\d+', plain)
result = [uniforms, len(numbers)]
