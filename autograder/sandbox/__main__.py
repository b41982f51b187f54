"""Print which isolation this machine offers: `python -m autograder.sandbox`."""

from .outside.levels import probe


def main() -> None:
    """Print one line per level, best first."""
    for level, available, reason in probe():
        print(f"{'yes' if available else 'no ':3} {level:12} {reason}")


if __name__ == "__main__":
    main()
