"""``python -m negotiate``."""

from negotiate.cli import main

main()
