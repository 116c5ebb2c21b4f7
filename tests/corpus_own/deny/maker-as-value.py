# creating, handed on as a value
make = op("/project1").create
result = make
