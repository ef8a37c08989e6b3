"""Repeated games: strategies as finite automata, critical discount factors, payoff sets."""
