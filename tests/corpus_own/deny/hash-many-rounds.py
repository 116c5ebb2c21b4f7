# technique: a key is derived in a billion rounds
import hashlib
hashlib.pbkdf2_hmac('sha256', b'key', b'salt', 1000000000)
