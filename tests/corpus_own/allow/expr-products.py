# expressions that multiply and divide
op('geo1').par.tx.expr = 'absTime.frame * 0.01 % 1 + me.digits * 100000'
op('geo1').par.ty.expr = "op('lfo1')['chan1'] * parent().par.Gain * (me.digits % 4)"
