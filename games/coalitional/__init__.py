"""Games in coalitional form with transferable utility: values, core, nucleolus.

Notation
--------
A *TU game* gives every coalition S of the player set N a worth v(S), with v of the empty
coalition 0. An allocation x is *efficient* if x(N) = v(N), where x(S) is the sum of x over S,
and an *imputation* if besides x_i >= v({i}). The *excess* of S at x is e(S, x) = v(S) - x(S):
what S could complain of. A coalition is a bit mask, the first player the lowest bit.

A cost is a negative worth: see :func:`games.coalitional.structures.cost_game`.

Modules: ``tu_game`` and ``structures`` make games; ``shapley``, ``banzhaf``, ``owen``,
``myerson``, ``tau_value``, ``division`` and ``sampled_shapley`` divide; ``core``,
``core_vertices``, ``least_core``, ``nucleolus``, ``kohlberg`` and ``kernel`` judge stability;
``excess``, ``harsanyi`` and ``properties`` describe a game.
"""
