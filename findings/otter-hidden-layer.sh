#!/usr/bin/env bash
# otter assign hides a public test whose first line is a comment about the hidden layer.
#
# Expected: a test cell is public unless it says otherwise: "# HIDDEN" as its first line, or
#   `hidden: true` in its test config, as Otter's guide for notebooks has it.
# What happens: the word "hidden" is looked for anywhere in a comment that comes first, in upper or lower
#   case. A cell that begins with "# The hidden layer has 20 units." is a hidden test: it is not in the
#   students' notebook, and without it `grader.check` and the box of public tests on Gradescope say
#   that all test cases passed. The mark counts it. `otter assign` prints nothing about it.
# Versions: otter-grader 7.0.0, nbformat 5.11.1.
# Why it matters: a network has hidden layers, and a comment is how one says which one a test is about.
#   Students lose points to a test that was written for them to see, with a check that is all green.
# What to do: begin the cell with code or with a test config that says `hidden: false` (both shown
#   below), or look at the students' version: `otter.tests` in its metadata lists the cases.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet otter-grader==7.0.0 ipykernel==7.4.0 ipython==9.18.1 nbconvert==7.17.2 \
    nbformat==5.11.1
export PATH="$folder/venv/bin:$PATH"
export IPYTHONDIR="$folder/ipython" JUPYTER_CONFIG_DIR="$folder/config" JUPYTER_DATA_DIR="$folder/data"
python --version
pip list 2>/dev/null | grep -E '^(otter|nbformat)'

cat > course.py <<'PY'
import json
import sys

import nbformat
import otter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

CONFIG = '""" # BEGIN TEST CONFIG\nhidden: false\n""" # END TEST CONFIG'
STARTS = dict(
    first="# The first layer has 20 units.",
    hidden_layer="# The hidden layer has 20 units.",
    marked="# HIDDEN",
    config=f"{CONFIG}\n# The hidden layer has 20 units.",
    code="expected = 20  # units of the hidden layer",
)


def write():
    cells = [new_raw_cell("# ASSIGNMENT CONFIG\nexport_cell: false\nrun_tests: true")]
    for name, start in STARTS.items():
        cells += [
            new_raw_cell(f"# BEGIN QUESTION\nname: {name}\npoints: [1, 3]"),
            new_markdown_cell("Give the units of both layers."),
            new_raw_cell("# BEGIN SOLUTION"),
            new_code_cell(f"{name} = (20, 10) # SOLUTION"),
            new_raw_cell("# END SOLUTION"),
            new_raw_cell("# BEGIN TESTS"),
            new_code_cell(f"assert len({name}) == 2"),
            new_code_cell(f"{start}\nassert {name}[0] == 20"),
            new_raw_cell("# END TESTS"),
            new_raw_cell("# END QUESTION"),
        ]
    kernel = dict(name="python3", language="python", display_name="Python 3")
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), "layers.ipynb")


def submit():
    """A student's notebook in which the first layer is wrong everywhere."""
    notebook = nbformat.read("dist/student/layers.ipynb", 4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("= ...", "= (7, 10)")
    nbformat.write(notebook, "submission.ipynb")


def compare():
    results = {test["name"]: test for test in json.load(open("results.json"))["tests"]}
    grader = otter.Notebook("submission.ipynb")
    seen = {}
    for name, start in STARTS.items():
        green = "All test cases passed" in str(grader.check(name, global_env={name: (7, 10)}))
        seen[name] = green, results[name]["score"], results[name]["max_score"]
        shown = "all passed" if green else "a test failed"
        print(f"{name:12} {start.splitlines()[0]:42} {shown:13} {seen[name][1]} of {seen[name][2]}")
    public = results["Public Tests"]["output"]
    for name in STARTS:
        assert (f"{name} results: All test cases passed!" in public) == seen[name][0]
    assert seen["first"] == seen["config"] == seen["code"] == (False, 1, 4)
    assert seen["marked"] == (True, 1, 4)
    assert seen["hidden_layer"] == (True, 1, 4)


{"write": write, "submit": submit, "compare": compare}[sys.argv[1]]()
PY
python course.py write
otter assign layers.ipynb dist > log 2>&1
if grep -i 'hidden' log; then exit 1; fi
python course.py submit
otter run submission.ipynb -a dist/autograder/*.zip >> log 2>&1
python course.py compare
echo "Reproduced: the test about the hidden layer is hidden; the check is all green with 1 of 4 points."
