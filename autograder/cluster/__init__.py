"""A class in parts: one shard of it, or all of them on a cluster."""
