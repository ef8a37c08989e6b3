"""Inspection and commitment: who is inspected, how often, and what an announcement changes."""
