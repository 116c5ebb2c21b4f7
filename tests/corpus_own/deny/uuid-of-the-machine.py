# technique: the address of the network card is told
import uuid
print(uuid.getnode())
