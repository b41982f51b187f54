#!/usr/bin/env bash
# With NumPy 2, nbgrader's partial credit becomes full credit, even for zero.
#
# Expected: a test cell that ends in `2 * np.mean(passed)` awards that share of its two points,
#   as nbgrader documents for a cell whose last value is a number, and as it did for years.
# What happens: nbgrader reads the number from the text of the output. NumPy 2 prints its
#   scalars as `np.float64(1.0)`, which is no number to `float`, and a value that is none counts
#   as full credit. Half right scores 2 of 2, and so does nothing right. Neither nbgrader nor the
#   notebook was changed; only NumPy was. The log has a warning, the exit code is 0.
# Versions: nbgrader 0.9.6, IPython 9.18.1; NumPy 1.26.4 against 2.4.6.
# Why it matters: the marks of a whole class rise with an upgrade of a library, and nothing in
#   the gradebook, the CSV or the feedback looks wrong.
# What to do: end such cells in `float(...)` (shown below as the second test cell), and regrade
#   one submission that is known to be wrong after every upgrade.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet nbgrader==0.9.6 jupyterlab==4.6.6 ipykernel==7.4.0 ipython==9.18.1 \
    nbclient==0.11.0 nbconvert==7.17.2 nbformat==5.11.1 SQLAlchemy==2.1.9 numpy==1.26.4
export PATH="$folder/venv/bin:$PATH"
export IPYTHONDIR="$folder/ipython" JUPYTER_CONFIG_DIR="$folder/config" JUPYTER_DATA_DIR="$folder/data"

mkdir -p course/source/ps1
cd course
echo 'c = get_config()' > nbgrader_config.py

cat > course.py <<'PY'
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

PASSED = "passed = [f(1) == 2, f(5) == 6, f(-1) == 0, f(0) == 1]\n"
ANSWERS = {
    "half right": "def f(x):\n    return x + 1 if x > 0 else x",
    "all wrong": "def f(x):\n    return 77",
}


def cell(source, name, **kind):
    about = dict(grade=False, solution=False, locked=False, task=False, schema_version=3)
    return new_code_cell(source, metadata={"nbgrader": {**about, "grade_id": name, **kind}})


def write():
    test = dict(grade=True, locked=True, points=2)
    kernel = dict(name="python3", language="python", display_name="Python 3")
    nbformat.write(
        new_notebook(
            cells=[
                new_code_cell("import numpy as np"),
                cell("### BEGIN SOLUTION\ndef f(x):\n    return x + 1\n### END SOLUTION", "f", solution=True),
                cell(PASSED + "2 * np.mean(passed)", "as_it_comes", **test),
                cell(PASSED + "float(2 * np.mean(passed))", "as_a_float", **test),
            ],
            metadata={"kernelspec": kernel},
        ),
        "source/ps1/ps1.ipynb",
    )


def submit():
    for student, answer in ANSWERS.items():
        notebook = nbformat.read("release/ps1/ps1.ipynb", 4)
        notebook.cells[1].source = answer
        folder = Path("submitted", student.replace(" ", "_"), "ps1")
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "ps1.ipynb")


def marks():
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        for student in ANSWERS:
            print(f"  {student}:", end="")
            for test in ("as_it_comes", "as_a_float"):
                grade = gradebook.find_grade(test, "ps1", "ps1", student.replace(" ", "_"))
                print(f" {test} {grade.score:g}/{grade.max_score:g}", end="")
            print()


{"write": write, "submit": submit, "marks": marks}[sys.argv[1]]()
PY
python course.py write
nbgrader generate_assignment ps1 2> generate.log
python course.py submit

for numpy in 1.26.4 2.4.6; do
    pip install --quiet numpy==$numpy
    nbgrader autograde ps1 --force 2> autograde.log
    python course.py marks > marks-$numpy
    echo "NumPy $numpy, $(pip list 2>/dev/null | grep -E '^(nbgrader|ipython) ' | tr -s ' ' | paste -sd,):"
    cat marks-$numpy
done
echo "--- the only trace, in the log of the second run:"
grep -o 'Cell output is np.float64.*' autograde.log | sort -u

grep -q 'half right: as_it_comes 1/2 as_a_float 1/2' marks-1.26.4
grep -q 'all wrong: as_it_comes 0/2 as_a_float 0/2' marks-1.26.4
grep -q 'half right: as_it_comes 2/2 as_a_float 1/2' marks-2.4.6
grep -q 'all wrong: as_it_comes 2/2 as_a_float 0/2' marks-2.4.6
echo "Reproduced: under NumPy 2 a submission with nothing right gets full marks from that cell."
