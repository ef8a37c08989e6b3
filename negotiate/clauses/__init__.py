"""The kinds of clause: one file for each family, its table of attributes and what it does.

To add a kind: write a class as in :mod:`negotiate.clauses.penalty`, and name it in
:mod:`negotiate.clauses.kinds`. Everything else (reading, schema, documentation, app) follows.
"""
