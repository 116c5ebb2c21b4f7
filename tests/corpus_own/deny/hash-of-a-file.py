# technique: a file is read by hashlib
import hashlib
print(hashlib.file_digest('/etc/passwd', 'sha256').hexdigest())
