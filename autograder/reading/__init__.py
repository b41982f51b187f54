"""Reads what students handed in, whatever it is; nothing of it runs here."""
