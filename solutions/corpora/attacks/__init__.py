"""Attacks on the grader: submissions with every function wrong that try to score all the same.

Each themed module lists its :class:`Attack` entries in ``ATTACKS``; this module turns an entry
into the folder that such a student would hand in. The texts are only ever run in the sandbox.
"""

import importlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MODULES = (
    "interpreter",
    "libraries",
    "folder",
    "values",
    "reading",
    "processes",
    "kernel",
    "protocol",
    "relays",
    "notebook",
)

SIGNS = ("WRITTEN", "REACHED", "STARTED", "SHADOWED numpy")
"""What an attack prints where it got somewhere."""

WRONG = {
    "zero_pad": """
def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    return np.ones((m, n_H + 2 * pad, n_W + 2 * pad, n_C))
""",
    "conv_single_step": """
def conv_single_step(a_slice_prev, W, b):
    return 0.25
""",
    "conv_forward": """
def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H, n_W = ((n - W.shape[0] + 2 * pad) // stride + 1 for n in A_prev.shape[1:3])
    return np.ones((A_prev.shape[0], n_H, n_W, W.shape[3])), (A_prev, W, b, hparameters)
""",
    "pool_forward": """
def pool_forward(A_prev, hparameters, mode="max"):
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = ((n - f) // stride + 1 for n in A_prev.shape[1:3])
    return np.ones((A_prev.shape[0], n_H, n_W, A_prev.shape[3])), (A_prev, hparameters)
""",
    "conv_backward": """
def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    return np.ones(A_prev.shape), np.ones(W.shape), np.ones(b.shape)
""",
    "create_mask_from_window": """
def create_mask_from_window(x):
    return np.ones(x.shape, dtype=bool)
""",
    "distribute_value": """
def distribute_value(dz, shape):
    return np.ones(shape)
""",
    "pool_backward": """
def pool_backward(dA, cache, mode="max"):
    return np.ones(cache[0].shape)
""",
}
"""Wrong functions whose results have the right shapes, for the exercises an attack leaves alone."""


@dataclass(frozen=True)
class Attack:
    """One submission that tries to get points for wrong functions.

    `before` and `after` are code cells around the functions; `functions` replaces some of
    :data:`WRONG`. `files` lie beside the notebook, `links` and `hard_links` map names there to
    paths. `marks` adds nbgrader metadata to a function's cell, `document` to the notebook, and
    `content` is the whole file instead. `survives` is False where the cells end their process
    (then not every cell runs). `limits` shortens the sandbox's limits where time is what the
    attack is about. In all texts ``@SECRETS@`` is a folder of the grader's, ``@ROOT@`` the
    repository, ``@PID@`` the grading process.
    """

    id: str
    tries: str
    before: tuple[str, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    hard_links: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)
    content: bytes | None = None
    survives: bool = True
    limits: Mapping[str, float] = field(default_factory=dict)
    slow: bool = False


@dataclass(frozen=True)
class Places:
    """What the marks in an attack's texts stand for on this machine."""

    secrets: Path
    root: Path

    def fill(self, text: str) -> str:
        """Return `text` with its marks replaced."""
        for mark, value in (
            ("@SECRETS@", self.secrets),
            ("@ROOT@", self.root),
            ("@PID@", os.getpid()),
        ):
            text = text.replace(mark, str(value))
        return text


def attacks() -> list[Attack]:
    """Return every attack of the gallery."""
    return [
        attack
        for name in MODULES
        for attack in importlib.import_module(f"solutions.corpora.attacks.{name}").ATTACKS
    ]


def code_cells(
    attack: Attack,
    right: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] = WRONG,
) -> list[str]:
    """Return the notebook's code cells; `right` gives functions that are right after all.

    `wrong` holds the functions of an assignment, which the attack replaces some of.
    """
    functions = {**wrong, **(right or {}), **attack.functions}
    parts = ("import numpy as np", *attack.before, *functions.values(), *attack.after)
    return [part.strip("\n") for part in parts]


def write(
    attack: Attack,
    folder: Path,
    places: Places,
    right: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] = WRONG,
) -> Path:
    """Write the submission into `folder` and return the path of its notebook."""
    folder.mkdir(parents=True)
    for name, content in attack.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else places.fill(content).encode())
    for name, target in attack.links.items():
        (folder / name).symlink_to(places.fill(target))
    for name, target in attack.hard_links.items():
        (folder / name).hardlink_to(places.fill(target))
    path = folder / "cnn_step_by_step.ipynb"
    if attack.content is not None:
        path.write_bytes(attack.content)
        return path
    names = {f"def {name}(": name for name in wrong}
    cells = []
    for source in code_cells(attack, right, wrong):
        name = next((name for start, name in names.items() if source.startswith(start)), None)
        mark = attack.marks.get(name or "", {})
        cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": dict(mark),
                "outputs": [],
                "source": places.fill(source),
            }
        )
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(notebook | dict(attack.document)), "utf-8")
    return path
