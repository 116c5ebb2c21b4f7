# technique: a file is opened by io
import io
io.FileIO('/tmp/out', 'w')
