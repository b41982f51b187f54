"""The trusted parent's side of the sandbox."""
