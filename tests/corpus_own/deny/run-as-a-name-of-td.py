# technique: td gives the function that runs texts, by its name
later = getattr(td, 'run')
