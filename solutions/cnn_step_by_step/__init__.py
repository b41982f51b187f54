"""The answers to the assignment ``cnn_step_by_step``."""
