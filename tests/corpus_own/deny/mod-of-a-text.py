# technique: a text DAT runs as a module
mod('/project1/setup')
