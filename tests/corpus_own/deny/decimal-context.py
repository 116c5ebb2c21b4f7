# technique: the arithmetic of other scripts is changed
import decimal
decimal.setcontext(decimal.Context(prec=3))
