# a name that nobody defines
result = pg_nothing_of_the_kind
