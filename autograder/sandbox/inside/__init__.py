"""What runs in the sandbox, beside the student's code: nothing here decides anything."""
