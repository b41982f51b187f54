#!/usr/bin/env bash
# nbgrader's late policy "zero" is not zero once somebody marks by hand.
#
# Expected: with `LateSubmissionPlugin.penalty_method = "zero"` a late submission ends at zero:
#   "assign an overall score of zero (penalty = score)".
# What happens: the penalty is a number that `nbgrader autograde` works out from the score at that
#   time, when what is marked by hand has none yet. Points given in the formgrader later are added
#   to the score, and the penalty stays: neither the feedback step nor the export works it out
#   again. A percentage in a plugin of one's own is short by the same part.
# Versions: nbgrader 0.9.6, SQLAlchemy 2.1.9.
# Why it matters: in a course with essay questions every late student keeps those points, on the
#   feedback page and in the CSV, and the order autograde, mark, export is the documented one.
# What to do: run `nbgrader autograde --force` once more after marking (shown below), or work out
#   the penalty at the export.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet nbgrader==0.9.6 jupyterlab==4.6.6 ipykernel==7.4.0 ipython==9.18.1 \
    nbclient==0.11.0 nbconvert==7.17.2 nbformat==5.11.1 SQLAlchemy==2.1.9
export PATH="$folder/venv/bin:$PATH"
export IPYTHONDIR="$folder/ipython" JUPYTER_CONFIG_DIR="$folder/config" JUPYTER_DATA_DIR="$folder/data"
pip list 2>/dev/null | grep -E '^(nbgrader|SQLAlchemy|nbconvert) '

mkdir -p course/source/ps1
cd course
cat > nbgrader_config.py <<'PY'
c = get_config()
c.LateSubmissionPlugin.penalty_method = "zero"
PY
python - <<'PY'
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook


def about(name, **kind):
    rest = dict(grade=False, solution=False, locked=False, task=False, schema_version=3)
    return {"nbgrader": {**rest, "grade_id": name, **kind}}


solution = "### BEGIN SOLUTION\ndef f(x):\n    return x + 1\n### END SOLUTION"
nbformat.write(
    new_notebook(
        cells=[
            new_code_cell(solution, metadata=about("f", solution=True)),
            new_code_cell("assert f(1) == 2", metadata=about("test", grade=True, locked=True, points=2)),
            new_markdown_cell("Why?", metadata=about("essay", grade=True, solution=True, points=3)),
        ],
        metadata={"kernelspec": dict(name="python3", language="python", display_name="Python 3")},
    ),
    "source/ps1/ps1.ipynb",
)
with Gradebook("sqlite:///gradebook.db") as gradebook:
    gradebook.update_or_create_assignment("ps1", duedate="2026-03-01 12:00:00")
PY
nbgrader generate_assignment ps1 2>> log
mkdir -p submitted/late_student/ps1
python - <<'PY'
import nbformat

notebook = nbformat.read("release/ps1/ps1.ipynb", 4)
notebook.cells[0].source = "def f(x):\n    return x + 1"
notebook.cells[2].source = "Because one is added."
nbformat.write(notebook, "submitted/late_student/ps1/ps1.ipynb")
PY
echo '2026-03-02 12:00:00' > submitted/late_student/ps1/timestamp.txt

show() {
    nbgrader export 2>> log
    scores=$(tail -1 grades.csv | cut -d, -f8-11)
    echo "$1: raw_score,late_submission_penalty,score,max_score = $scores"
}
nbgrader autograde ps1 2>> log
show "one day late, autograded     "
[ "$scores" = 2.0,2.0,0.0,5.0 ]

python - <<'PY'
from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as gradebook:  # what the formgrader stores
    grade = gradebook.find_grade("essay", "ps1", "ps1", "late_student")
    grade.manual_score, grade.needs_manual_grade = 3, False
    gradebook.db.commit()
PY
nbgrader generate_feedback ps1 2>> log
show "essay marked, feedback made  "
[ "$scores" = 5.0,2.0,3.0,5.0 ]

nbgrader autograde ps1 --force 2>> log
show "autograded once more         "
[ "$scores" = 5.0,5.0,0.0,5.0 ]
echo "Reproduced: the late submission is exported with 3 of 5 under the policy zero."
