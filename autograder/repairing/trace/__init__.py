"""A second way to the line of a mistake: the values of a function beside the right ones."""
