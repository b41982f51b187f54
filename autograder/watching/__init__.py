"""Grades what arrives, as it arrives: ``autograder watch``."""
