"""``python -m negotiate``."""

from negotiate.cli import main

if __name__ == "__main__":
    main()
