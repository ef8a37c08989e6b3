"""Negotiations over several issues at once.

An *issue* has *options*; a *package* takes one option of every issue. Packages are numbered as in
the odometer of the issues, the last issue turning fastest. A *profile* is a player's utility over
packages, with a *reservation value* (what the player gets without agreement) and a *discount
factor* (what is left of both after one unit of time).
"""
