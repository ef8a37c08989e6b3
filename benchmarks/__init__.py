"""Measurements, side by side with what else can be installed: ``make bench``."""
