"""Known games as data, filed by source, each with its known solutions."""
