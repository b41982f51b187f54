"""Proves where a mistake is: one edit of the student's own function makes every check pass."""
