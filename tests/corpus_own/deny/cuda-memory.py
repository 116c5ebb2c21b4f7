# technique: memory of the graphics card is reached
CUDAMemory()
