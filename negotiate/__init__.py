"""negotiate: a game-theoretic analyzer of treaties."""
