"""The words, Dutch and English, for command, pages and reports alike; no Flask."""
