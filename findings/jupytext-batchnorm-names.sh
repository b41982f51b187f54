#!/usr/bin/env bash
# jupytext comments out statements that begin with a variable called rm, mv, ls, cp, cd, ...
#
# Expected: `jupytext --to py` leaves Python code as it is, and comments only what plain Python
#   can't run: `%matplotlib inline`, `!ls`.
# What happens: a line that begins with the name of a shell command and goes on with a blank and
#   anything but `=` or `,` is taken for that command: `cat = x` is seen to be Python, `cat += x`
#   is not. A running mean called rm or a moving variance called mv loses its updates, as
#   `rm += 0.1 * mu` becomes `# rm += 0.1 * mu`. Jupyter runs the same cell as Python. Only lines
#   without indentation are hit, so `rm` in a loop or in a function is well. `jupytext --test`
#   finds no fault, as reading back takes the comment away.
# Versions: jupytext 1.19.6, IPython 9.18.1, NumPy 2.4.6.
# Why it matters: batch normalisation is where such names are natural. Whoever imports, tests or
#   grades the .py file runs other code than the student's notebook, without an error.
# What to do: convert with `--opt comment_magics=false` where the file is to be run (shown below),
#   or grade the notebook itself; otherwise look for the names in the answers first.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet jupytext==1.19.6 ipython==9.18.1 numpy==2.4.6 nbformat==5.11.1
venv/bin/pip list 2>/dev/null | grep -Ei '^(jupytext|ipython|numpy) '
export IPYTHONDIR="$folder/ipython"

venv/bin/python - <<'PY'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

cells = [
    "import numpy as np\nx = np.array([[1.0, 2.0], [3.0, 6.0]])\nrm = np.zeros(2)\nmv = np.ones(2)",
    "mu, var = x.mean(axis=0), x.var(axis=0)\n"
    "rm *= 0.9\nrm += 0.1 * mu\nmv *= 0.9\nmv += 0.1 * var",
    "print('running mean', rm.round(3), 'running variance', mv.round(3))",
]
notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
notebook.metadata.kernelspec = dict(name="python3", language="python", display_name="Python 3")
nbformat.write(notebook, "batchnorm.ipynb")
PY

venv/bin/jupytext --quiet --to py:percent --test batchnorm.ipynb && echo "jupytext --test: exit 0"
venv/bin/jupytext --quiet --to py:percent -o batchnorm.py batchnorm.ipynb
venv/bin/jupytext --quiet --to py:percent --opt comment_magics=false -o plain.py batchnorm.ipynb
echo "--- the cell with the updates, as written to batchnorm.py"
grep -A 4 '^mu, var' batchnorm.py
jupyter=$(venv/bin/ipython --no-banner --colors=NoColor batchnorm.ipynb | grep running)
script=$(venv/bin/python batchnorm.py)
plain=$(venv/bin/python plain.py)
echo "the notebook:            $jupyter"
echo "its batchnorm.py:        $script"
echo "comment_magics = false:  $plain"

[ "$jupyter" = "running mean [0.2 0.4] running variance [1.  1.3]" ]
[ "$script" = "running mean [0. 0.] running variance [1. 1.]" ]
[ "$plain" = "$jupyter" ]
echo "Reproduced: the script runs without an error and never updates."
