# code that runs whenever somebody else awaits it
async def f():
    return 1
result = 1
