# technique: quit ends the process
quit()
