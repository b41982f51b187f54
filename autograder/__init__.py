"""The grading engine: builds the course, runs submissions in a sandbox, and records verdicts."""
