"""Decides: fresh inputs, right answers, comparison, score, and what is kept of them."""
