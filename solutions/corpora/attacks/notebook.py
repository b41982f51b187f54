"""Attacks by the notebook's own structure: metadata, duplicated cells, text that stalls."""

import json

from solutions.corpora.attacks import Attack


def mark(grade_id: str, points: float | None = None, **more: object) -> dict[str, object]:
    """Return a cell's nbgrader metadata, as a student could write it."""
    nbgrader = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": True,
        "schema_version": 3,
        "solution": points is None,
        "task": False,
        **more,
    }
    return {"nbgrader": nbgrader if points is None else nbgrader | {"points": points}}


def notebook_of(*sources: str, **more: object) -> bytes:
    """Return a notebook whose code cells have these texts."""
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": s}
        for s in sources
    ]
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells, **more}
    ).encode()


ATTACKS = (
    Attack(
        "points_in_metadata",
        "claim grade cells, points, scores and a language in the notebook's metadata",
        marks={
            "zero_pad": mark("test_zero_pad", 1000, score=1000, max_score=1000, extra_credit=1000),
            "conv_single_step": mark("test_conv_forward", -5),
            "pool_forward": mark("test_pool_forward", 1e308),
            "conv_backward": mark("x" * 100_000),
            "pool_backward": {
                "nbgrader": "right",
                "score": 15,
                "tags": ["raises-exception"],
            },
        },
        document={
            "metadata": {
                "course": {"language": ["zh"], "assignment": "../../etc", "seed": 1},
                "nbgrader": {"score": 100},
                "kernelspec": {"name": "../../bash", "argv": ["sh"], "language": "python"},
                "score": 100.0,
            },
            "score": 100,
        },
    ),
    Attack(
        "duplicated_grade_ids",
        "give every cell the same grade_id, and the ids of test cells",
        marks={
            name: mark("test_zero_pad", 5)
            for name in ("zero_pad", "conv_single_step", "conv_forward", "pool_forward")
        },
    ),
    Attack(
        "outputs_of_its_own",
        "store outputs and results that say that every check passed",
        content=json.dumps(
            {
                "nbformat": 4,
                "nbformat_minor": 5,
                "metadata": {},
                "cells": [
                    {
                        "cell_type": "code",
                        "id": "test_zero_pad",
                        "execution_count": 1,
                        "metadata": mark("test_zero_pad", 100),
                        "outputs": [
                            {
                                "output_type": "execute_result",
                                "execution_count": 1,
                                "data": {"text/plain": "100", "text/html": "<script></script>"},
                                "metadata": {"score": 100},
                            }
                        ],
                        "source": "def zero_pad(X, pad):\n    return X\n100",
                    }
                ],
            }
        ).encode(),
    ),
    Attack(
        "pickle_for_a_notebook",
        "hand in a pickle that would run a command",
        content=b"\x80\x04\x95\x1f\x00\x00\x00cos\nsystem\n(S'id'\ntR.",
    ),
    Attack(
        "yaml_and_entities",
        "hand in XML with entities in place of JSON",
        content=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    ),
    Attack(
        "nested_without_end",
        "hand in JSON nested a hundred thousand deep",
        content=b'{"cells":' + b"[" * 100_000,
    ),
    Attack(
        "magics_that_never_settle",
        "fill a cell with hundreds of magics, each of which costs a pass over the cell",
        content=notebook_of(
            "\n".join(f"%magic{n} x" for n in range(600)),
            "def zero_pad(X, pad):\n    return X",
        ),
    ),
    Attack(
        "text_that_stalls_a_parser",
        "fill cells with magics, help requests and commands between very long code",
        content=notebook_of(
            "\n".join(f"name{n}?" for n in range(100)) + "\nx = " + "1 + " * 1_000 + "1",
            "\n".join(f"x = !ls {n}" for n in range(100)) + "\n" + "x = 1\n" * 500,
            "def zero_pad(X, pad):\n    return X",
        ),
        slow=True,
    ),
    Attack(
        "expressions_too_deep_to_walk",
        "write expressions that parse but are too deep to be walked or printed",
        content=notebook_of(
            "def zero_pad(X, pad):\n    raise ValueError(" + "1 + " * 2_000 + "1)",
            "def conv_single_step(a, W, b):\n    raise E(" + "-" * 900 + "1)",
            "def conv_forward(A_prev, W, b, h):\n    return " + "A_prev." + "T." * 900 + "T",
            "def pool_forward(A_prev, h, mode):\n    return x" + "()" * 2_000,
            "def conv_backward(dZ, cache):\n    return (}",
            "def create_mask_from_window(x):\n"
            + "".join("    " * n + "if x:\n" for n in range(1, 90))
            + "    " * 90
            + "return 1",
            "def distribute_value(dz, shape):\n    return " + "[" * 190 + "]" * 190,
            "def pool_backward(dA, cache, mode):\n    return 9" + "9" * 5_000,
        ),
        survives=False,
    ),
)
