# a script that asks whether it is the main one
def main():
    return op('/project1').name
if __name__ == '__main__':
    result = main()
