"""What only a check in a running notebook needs."""
