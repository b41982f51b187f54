"""Printing where the output may not be able to write every character."""

import sys


def writable(text: str) -> str:
    """Return `text` with a question mark for each character that the output's encoding lacks.

    Windows writes to a file, and a C locale everywhere, in an encoding without Chinese or "■".
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def write(text: object) -> None:
    """Print `text`; what the output cannot write is replaced, and nothing is raised."""
    print(writable(str(text)))
