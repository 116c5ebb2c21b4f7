# technique: license waits for a key at the terminal
license()
