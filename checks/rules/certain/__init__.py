"""Mistakes that one line of a wrong function proves, so that they are named beside any other."""
