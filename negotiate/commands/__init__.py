"""The commands of ``negotiate``, one file each.

Heavy imports stand inside the functions, so that ``--help`` answers at once. Commands raise
errors; :func:`negotiate.cli.main` prints them, without a traceback, and exits with code 2.
"""
