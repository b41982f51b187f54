"""The least that a submission's own cells can take: run plainly in a fork with all imported.

No sandbox, no notebook, nothing compared: what grading takes beyond this is the grader's own.
``python -m benchmarks.floor FILE...`` prints CPU seconds per file, as a JSON list.
"""

import contextlib
import io
import json
import os
import sys
import warnings
from pathlib import Path

from autograder.reading.student_code import only_calls
from autograder.reading.submissions import read_submission
from benchmarks.class_folder import DEMO
from public_tests import __all__ as CHECKS


def cells_of(path: Path) -> list[str]:
    """Return the cells that are run for grading, without magics."""
    return [
        "\n".join(line for line in cell.source.splitlines() if not line.startswith(("%", "!")))
        for cell in read_submission(path).cells
        if DEMO not in cell.tags and not only_calls(cell.source, frozenset(CHECKS))
    ]


def cpu_of(cells: list[str]) -> float:
    """Run `cells` in a fork and return its CPU seconds."""
    child = os.fork()
    if child == 0:
        namespace: dict[str, object] = {"__name__": "__main__"}
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for cell in cells:
                with contextlib.suppress(Exception):
                    exec(compile(cell, "<cell>", "exec"), namespace)
        os._exit(0)
    _, _, used = os.wait4(child, 0)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the floor of every file that is named."""
    import matplotlib

    matplotlib.use("agg")
    import h5py  # noqa: F401
    import matplotlib.pyplot

    import plots  # noqa: F401

    print(json.dumps([cpu_of(cells_of(Path(name))) for name in sys.argv[1:]]))


if __name__ == "__main__":
    main()
