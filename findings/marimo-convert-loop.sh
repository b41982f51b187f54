#!/usr/bin/env bash
# marimo convert turns a training loop into its last step.
#
# Expected: a Jupyter notebook that sets w in one cell and updates it in a loop in the next
#   (`w -= rate * grad`) gives the same w as a marimo notebook, or is refused: marimo wants a
#   name to be set in one cell only, and `marimo check` is there to complain.
# What happens: the name is renamed on its left side only. `w -= rate * grad` becomes
#   `w_1 = w - rate * grad`, and `w` stays what the first cell made it. So every turn of the
#   loop starts from the initial value, and only the last turn counts. `marimo convert`,
#   `marimo check` and the run all exit 0.
# Versions: marimo 0.25.2, NumPy 2.4.6, nbformat 5.11.1.
# Why it matters: converted coursework trains for one step instead of two hundred and reports
#   a loss, a weight or an accuracy that looks like one. A counter of points that is summed in
#   a loop keeps the last exercise only.
# What to do: put the initial value and its loop into one cell (or into a function) before
#   converting, and compare the printed numbers of both notebooks afterwards.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet marimo==0.25.2 numpy==2.4.6 nbformat==5.11.1 ipython==9.18.1
venv/bin/pip list 2>/dev/null | grep -Ei '^(marimo|numpy|nbformat|ipython) '
export IPYTHONDIR="$folder/ipython"

venv/bin/python - <<'PY'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

cells = [
    "import numpy as np\nx = np.linspace(0, 1, 50)\ny = 3.0 * x",
    "w = 0.0\npoints = 0",
    "for step in range(200):\n    grad = 2 * np.mean((w * x - y) * x)\n    w -= 0.5 * grad",
    "for passed in [2, 3, 5]:\n    points += passed",
    "print('w =', round(float(w), 3), 'points =', points)",
]
nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), "training.ipynb")
PY

venv/bin/marimo --quiet convert training.ipynb -o training.py
echo "--- what the converter made of the two loops"
grep -A 4 'for ' training.py
jupyter=$(venv/bin/ipython --no-banner --colors=NoColor training.ipynb | grep '^w =')
marimo=$(venv/bin/python training.py | grep '^w =')
venv/bin/marimo check training.py && echo "marimo check: exit 0"
echo "as Jupyter runs it: $jupyter"
echo "as marimo runs it:  $marimo"

[ "$jupyter" = "w = 3.0 points = 10" ]
[ "$marimo" = "w = 1.01 points = 5" ]
echo "Reproduced: of 200 steps and of three marks, only the last is left."
