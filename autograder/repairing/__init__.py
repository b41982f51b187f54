"""Proves where a mistake is: one edit of the student's own function makes every check pass."""

SOME, ALL, NONE = "some", "all", "none"
EXPLAIN = (SOME, ALL, NONE)
"""How many functions get a line by repair: as many as the share allows, all of them, or none."""
