# technique: whether there is such a member
hasattr(3, 'cook')
