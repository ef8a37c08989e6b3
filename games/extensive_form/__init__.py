"""Games in extensive form: moves, chance and information sets.

* :mod:`~games.extensive_form.tree`: the frozen game tree and its builder;
* :mod:`~games.extensive_form.backward_induction`: every subgame-perfect equilibrium in pure
  strategies of a game of perfect information, ties named;
* :mod:`~games.extensive_form.subgame_perfect`: subgame-perfect equilibria, subgame by subgame;
* :mod:`~games.extensive_form.sequential_equilibrium`: a sequential equilibrium, on the whole tree
  or stage by stage; :mod:`~games.extensive_form.assessment` has what certifies it and
  :mod:`~games.extensive_form.logit_limit` the limit of agent logit play;
* :mod:`~games.extensive_form.agent_responses`: agent logit equilibria at given precisions;
* :mod:`~games.extensive_form.sequence_form`: value of a zero-sum game, without strategies;
* :mod:`~games.extensive_form.strategic_form`: the reduced normal form;
* :mod:`~games.extensive_form.drawing`: the tree as SVG or as text.
"""
