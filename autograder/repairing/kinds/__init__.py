"""What a repair changes: the smallest parts, and the kind of each change."""
