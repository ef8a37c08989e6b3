"""Games in partition function form: a coalition's worth depends on what the others form.

An *embedded coalition* (S, P) is a coalition S and a partition P of all players with S in P;
the game gives each a worth v(S, P) (Thrall & Lucas, 1963). The difference that the others'
arrangement makes to S is an *externality*.
"""
