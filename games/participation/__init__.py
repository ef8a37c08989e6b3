"""Participation games: who signs an agreement that nobody can be forced to sign.

A *participation game* gives every player a payoff for each set of signatories. A set is
*internally stable* if no signatory gains by leaving alone, *externally stable* if no outsider
gains by joining alone, and *stable* if both hold. Games of up to 22 players are scanned whole, by
bit mask; games of like players or of a few types by numbers; the largest heterogeneous ones by
search, and every answer says which.
"""
