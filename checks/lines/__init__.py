"""Which of the student's own lines a mistake is in."""
