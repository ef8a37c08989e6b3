"""Spatial bargaining over one issue: positions on a line, power and salience.

A player's *position* is the outcome it pushes for, *power* what it can bring to bear, *salience*
(0 to 1) how much of it the issue is worth. The player's *weight* is power times salience. Point
forecasts of such models can flip with small changes of their inputs: read them with
:func:`games.spatial.forecast_spread.forecast_spread`.
"""
