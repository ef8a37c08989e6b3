"""Voting power: weighted voting rules, their conjunctions, and who has how much say.

A *simple game* says which coalitions win. In a *weighted* game a coalition wins when its members'
weights reach a quota; a *conjunction* asks that of several lists of weights at once. A player
*swings* a losing coalition if it wins once the player joins; every index here counts swings (or
minimal winning coalitions) exactly, with integers of any size.
"""
