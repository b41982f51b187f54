"""A class of generated submissions for ``cnn_step_by_step`` and the verdicts they must get."""

import copy

from checks.assignments.cnn_step_by_step import ASSIGNMENT
from solutions.gallery import Expected, Notebook, Student

EXERCISES = tuple(exercise.name for exercise in ASSIGNMENT.exercises)

WRONG = "wrong"


def _wrong(name: str, score: float | None = None) -> dict[str, Expected]:
    return {name.split("/")[0]: Expected(WRONG, (name,), score)}


def _only(status: str, *, ids: str | None = None) -> dict[str, Expected]:
    return {name: Expected(status, (f"{name}/{ids}",) if ids else (), 0.0) for name in EXERCISES}


def _with_extra_cells(notebook: Notebook) -> Notebook:
    """Scratch work before, between and after: prints, a failing cell, a changed check cell."""
    extra = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = notebook["cells"]
    cells.insert(3, extra | {"id": "scratch-1", "source": "print('trying things out')"})
    cells.append(extra | {"id": "scratch-2", "source": "undefined_thing + 1"})
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "test_conv_forward":
            cell["source"] = "print('All tests passed')"
    return notebook


def _with_moved_and_lost_cells(notebook: Notebook) -> Notebook:
    """The helper functions moved to the end, a duplicate, and two check cells deleted."""
    cells = notebook["cells"]
    graded = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in cells}
    for name in ("zero_pad", "conv_single_step"):
        cells.remove(graded[name])
        cells.append(graded[name])
    cells.append(copy.deepcopy(graded["pool_forward"]))
    for name in ("test_zero_pad", "test_pool_backward"):
        cells.remove(graded[name])
    return notebook


def _at_the_end(source: str):
    def change(notebook: Notebook) -> Notebook:
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
        notebook["cells"].append(cell | {"id": "last", "source": source})
        return notebook

    return change


STUDENTS = (
    Student("ada-loops", "right, in loops"),
    Student("bao-vectorised", "right, vectorised, in Chinese", "vectorised", "zh"),
    Student("chen-im2col", "right, by im2col", "im2col", "zh"),
    Student("dora-einsum", "right, by einsum", "einsum"),
    Student(
        "emil-stride",
        "ignores the stride in conv_forward",
        wrong=("conv_forward/stride_ignored",),
        expected=_wrong("conv_forward/stride_ignored", 10),
    ),
    Student(
        "fang-bias",
        "counts the bias once per number of the window; the two functions that use it are right",
        language="zh",
        wrong=("conv_single_step/bias_inside_sum",),
        expected=_wrong("conv_single_step/bias_inside_sum", 0)
        | {"conv_forward": Expected(with_right_helpers=True)},
    ),
    Student(
        "gita-channels",
        "pads the channels too",
        wrong=("zero_pad/pads_channels",),
        expected=_wrong("zero_pad/pads_channels", 0)
        | {
            "conv_forward": Expected(with_right_helpers=True),
            "conv_backward": Expected(with_right_helpers=True),
        },
    ),
    Student(
        "hugo-float",
        "float(b) on NumPy 2.4 and later",
        wrong=("conv_single_step/float_of_array",),
        expected={
            "conv_single_step": Expected("error", ("conv_single_step/float_of_array",), 0),
            "conv_forward": Expected(with_right_helpers=True),
        },
    ),
    Student(
        "ines-pad-zero",
        "crops with [pad:-pad], which is empty for pad 0",
        wrong=("conv_backward/pad_zero_crop",),
        expected=_wrong("conv_backward/pad_zero_crop", 21),
    ),
    Student(
        "jun-corner",
        "indexes dA by the window's corner",
        language="zh",
        wrong=("pool_backward/dA_at_window_corner",),
        expected={
            "pool_backward": Expected(WRONG, ("pool_backward/dA_at_window_corner",)),
        },
    ),
    Student(
        "kofi-pool-stride",
        "ignores the stride in pool_forward",
        wrong=("pool_forward/stride_ignored",),
        expected=_wrong("pool_forward/stride_ignored", 6),
    ),
    Student(
        "lena-example",
        "pools without the example's index",
        wrong=("pool_forward/example_index_missing",),
        expected={
            "pool_forward": Expected(WRONG, ("pool_forward/example_index_missing",)),
        },
    ),
    Student(
        "mei-maximum",
        "returns the maximum instead of a mask; pool_backward is right given a right mask",
        language="zh",
        wrong=("create_mask_from_window/returns_maximum",),
        expected=_wrong("create_mask_from_window/returns_maximum", 0)
        | {"pool_backward": Expected(with_right_helpers=True)},
    ),
    Student(
        "nils-sum",
        "divides by n_H + n_W",
        wrong=("distribute_value/divides_by_sum",),
        expected={
            "distribute_value": Expected(WRONG, ("distribute_value/divides_by_sum",)),
            "pool_backward": Expected(with_right_helpers=True),
        },
    ),
    Student(
        "olga-two-bugs",
        "two mistakes in one function",
        wrong=("pool_backward/stride_ignored", "pool_backward/mask_times_input"),
        expected={
            "pool_backward": Expected(
                WRONG, ("pool_backward/stride_ignored", "pool_backward/mask_times_input")
            ),
        },
    ),
    Student(
        "ping-last-example",
        "keeps the gradient of the last example alone",
        language="zh",
        wrong=("conv_backward/last_example_only",),
        expected={
            "conv_backward": Expected(WRONG, ("conv_backward/stands_after_loop",)),
        },
    ),
    Student(
        "quin-random",
        "starts the gradients with random numbers",
        wrong=("conv_backward/random_initial_gradient",),
        expected={
            "conv_backward": Expected(WRONG, ("conv_backward/random_initial_gradient",)),
        },
    ),
    Student(
        "rosa-unfinished",
        "four of eight functions done",
        expected={
            name: Expected("not_implemented", (f"{name}/not_implemented",), 0.0)
            for name in EXERCISES[4:]
        },
        unfinished=EXERCISES[4:],
    ),
    Student(
        "sami-stubs",
        "handed in as released",
        style=None,
        expected=_only("not_implemented", ids="not_implemented"),
    ),
    Student(
        "tao-global",
        "reads a variable of the notebook",
        language="zh",
        functions={
            "distribute_value": (
                "shape_of_window = (2, 2)\n\n"
                "def distribute_value(dz, shape):\n"
                "    n_H, n_W = shape_of_window\n"
                "    return np.ones(shape) * dz / (n_H * n_W)\n"
            )
        },
        expected={
            "distribute_value": Expected(WRONG, ("distribute_value/reads_notebook_global",), 0.0),
            "pool_backward": Expected(with_right_helpers=True),
        },
    ),
    Student(
        "uma-syntax",
        "a bracket is missing in one cell",
        functions={"zero_pad": "def zero_pad(X, pad):\n    return np.pad(X, ((0, 0), (pad, pad)\n"},
        expected={
            "zero_pad": Expected("error", ("zero_pad/syntax_error",), 0.0),
            "conv_forward": Expected(with_right_helpers=True),
            "conv_backward": Expected(with_right_helpers=True),
        },
    ),
    Student(
        "vera-endless",
        "an endless loop in one function",
        functions={
            "pool_forward": (
                'def pool_forward(A_prev, hparameters, mode="max"):\n'
                "    h = 0\n"
                "    while h < 3:\n"
                "        pass\n"
            )
        },
        expected={"pool_forward": Expected("timeout", ("pool_forward/endless_loop",), 0.0)},
        look=True,
    ),
    Student(
        "wang-crash",
        "one function ends the process",
        language="zh",
        functions={
            "create_mask_from_window": (
                "import os\n\ndef create_mask_from_window(x):\n    os._exit(0)\n"
            )
        },
        expected={
            "create_mask_from_window": Expected("error", (), 0.0),
            "pool_backward": Expected(with_right_helpers=True),
        },
    ),
    Student(
        "xena-extra",
        "scratch cells, a failing cell and an edited check cell",
        change=_with_extra_cells,
    ),
    Student(
        "yan-moved",
        "cells moved, duplicated and deleted",
        language="zh",
        change=_with_moved_and_lost_cells,
        look=True,
    ),
    Student(
        "zoe-broken-file",
        "the file was cut off in the middle",
        content=lambda text: text.encode()[: len(text) // 2],
        expected=_only("missing"),
        look=True,
    ),
    Student(
        "学生-endless-notebook",
        "a cell at the end never finishes",
        language="zh",
        change=_at_the_end("while True:\n    pass\n"),
        look=True,
    ),
    Student(
        "zed-renamed",
        "right, under another file name",
        file_name="final version (2).ipynb",
        look=True,
    ),
)
