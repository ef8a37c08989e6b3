"""The graph model for conflict resolution (Kilgour, Hipel and Fang, 1987).

A *conflict* has states, players (decision makers) who can move from state to state, and each
player's preferences over states, of which only the order counts. A *unilateral improvement* is a
move to a state that the mover prefers. A state is *stable* for a player under some concept of
foresight when the player has no reason to leave it, and an *equilibrium* when it is stable for
all.

A set of players can reach a state by a *legal sequence* of moves: nobody moves twice in a row,
but everybody may move again later.

References
----------
.. [1] D. M. Kilgour, K. W. Hipel, L. Fang, "The graph model for conflicts", Automatica 23(1),
   1987, 41-55.
.. [2] L. Fang, K. W. Hipel, D. M. Kilgour, "Interactive Decision Making: The Graph Model for
   Conflict Resolution", Wiley, 1993.
"""
