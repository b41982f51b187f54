"""Decides: fresh inputs, correct answers, comparison, score, and what is kept of them."""
