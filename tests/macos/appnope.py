"""Stands in for the package that ipykernel asks macOS not to nap with; it loads on macOS alone."""


def nope() -> None:
    """Do nothing: there is no App Nap here."""
