"""Signalling games and crises: what a message, a threat or a demand can say and do.

* :mod:`~games.signalling.game`: a sender with a type, a receiver who sees a message;
* :mod:`~games.signalling.perfect_bayesian`: all perfect Bayesian equilibria of such a game;
* :mod:`~games.signalling.reassurance`: a costly sign of good faith;
* :mod:`~games.signalling.audience_costs`: a public threat and the cost of backing down;
* :mod:`~games.signalling.escalation`: ladders of risk, off-ramps and wars of attrition;
* :mod:`~games.signalling.crisis_bargaining`: a demand to an opponent of unknown resolve;
* :mod:`~games.signalling.deterrence`: a threat that may or may not be believed.

Each template builds a game, and gives the closed form next to it.
"""
