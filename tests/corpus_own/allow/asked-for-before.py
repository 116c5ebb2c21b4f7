# some builds have the member
noise = op('noise1')
if hasattr(noise, 'wobble'):
    print(noise.wobble)
