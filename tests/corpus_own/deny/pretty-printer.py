# technique: a printer that writes into any stream
import pprint
printer = pprint.PrettyPrinter(stream=op('/project1/text1'))
