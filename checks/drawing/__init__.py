"""The pictures that a check shows."""
