"""Submissions that only tests read: attacks, faults, and what beginners and outsiders wrote."""
