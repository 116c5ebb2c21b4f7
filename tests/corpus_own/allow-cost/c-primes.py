# technique: a sieve
limit = 10000
sieve = [True] * (limit + 1)
for i in range(2, int(limit ** 0.5) + 1):
    if sieve[i]:
        sieve[i * i::i] = [False] * len(sieve[i * i::i])
result = sum(sieve) - 2
