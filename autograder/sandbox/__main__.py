"""Print which isolation this machine offers: `python -m autograder.sandbox`."""

from autograder.course import Course

from .outside.levels import probe


def main() -> None:
    """Print one line per level, best first."""
    for level, available, reason in probe():
        said = reason.in_(Course().spoken)
        print(f"{'yes' if available else 'no ':3} {level:12} {said}")


if __name__ == "__main__":
    main()
