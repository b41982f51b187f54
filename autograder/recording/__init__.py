"""Records verdicts: gradebook, marks, graded notebooks, and nbgrader's own steps."""
