# empties the callbacks of another operator
op('midiin1_callbacks').clear()
