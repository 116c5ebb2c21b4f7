# values of a panel
result = [op('slider1').panel.u.val, op('field1').panel.field.val]
