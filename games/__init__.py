"""A library of game theory: strategic games, coalitions, bargaining, conflicts.

Conventions that every module keeps
-----------------------------------
* ``payoffs[player, a_0, ..., a_{n-1}]`` is the one order of payoff arrays; a larger payoff is
  better. Other libraries' orders are converted where they are called or read, nowhere else.
* Players and actions are numbered from 0 and may carry labels. A coalition is a bit mask, the
  first player the lowest bit.
* Data are frozen, functions are pure. Randomness comes only from a ``numpy`` generator or an
  integer seed that the caller passes.
* Every solution carries a certificate (regret, excess, slack, feasibility), checked before it
  is returned; a result that fails it raises :class:`games.errors.CertificateError`.
* Input errors are :class:`games.errors.InvalidGameError` and name the place.
* Each module is imported by its own name, ``from games.normal_form import NormalFormGame``:
  nothing heavy is imported before it is needed.
"""
