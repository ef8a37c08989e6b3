"""Bargaining: who gets what when agreement needs everybody's consent.

A *bargaining problem* is a set of attainable payoff vectors and a *disagreement point*, the
payoffs when talks fail. A *gain* is a payoff minus the disagreement payoff. A payoff vector is
*individually rational* when no player's gain is negative. Every solution looks only at
individually rational vectors: without that filter two losses would multiply to a gain.
"""
