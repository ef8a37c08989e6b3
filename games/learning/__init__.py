"""Learning and evolution: imitation, thresholds, fictitious play, stochastic stability."""
