"""The instructor's desk: small commands around a course that is running."""
