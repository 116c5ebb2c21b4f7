# a shader as text of a DAT
op('glsl1_pixel').text = 'out vec4 fragColor;\nvoid main() { fragColor = vec4(1.0); }'
