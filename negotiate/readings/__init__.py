"""The four readings of the payoff ledger: numbers, algebra, optimisation rows, words.

One definition stands behind all four, and a test holds them to each other on random treaties.
"""
