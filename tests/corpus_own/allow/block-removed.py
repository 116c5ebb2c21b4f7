# technique: a sequence loses a block
op('/project1/constant1').seq.const.destroyBlock(0)
