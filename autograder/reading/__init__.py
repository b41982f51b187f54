"""Reads what students handed in, whatever it is, and runs none of it."""
