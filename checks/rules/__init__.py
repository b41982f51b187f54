"""Rules that look at a function's text, beside those in `checks.code_rules`."""
