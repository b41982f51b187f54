"""Correct answers and known mistakes, hidden from students: one package per assignment.

Each package holds ``reference`` (readable loops, what the course teaches), ``fast`` (the same
functions, vectorised) and ``misconceptions`` (the catalogue that names what went wrong).
``corpora`` holds submissions that only the tests read.
"""
