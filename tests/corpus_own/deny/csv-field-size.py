# technique: a limit that other scripts rely on is lifted
import csv
csv.field_size_limit(2 ** 31)
