"""Hidden content of the assignment ``convnet_application``."""
