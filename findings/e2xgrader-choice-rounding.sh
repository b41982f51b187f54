#!/usr/bin/env bash
# e2xgrader rounds multiple choice to one decimal: all correct is 0.2 of 0.25, or 0.8 of 0.75.
#
# Expected: a multiple choice cell of which every option is answered correctly scores the points of the
#   cell, as its documentation has it: points for each option that is as it should be.
# What happens: the sum over the options is rounded to one decimal, whatever the points are. A quarter
#   of a point becomes 0.2 and 1.25 becomes 1.2 (Python rounds half to even); three quarters become
#   0.8, which is more than the cell has. The maximum stays exact. Nothing is logged, and a single
#   choice cell of 0.25 scores 0.25.
# Versions: e2xgrader 0.3.6, nbgrader 0.8.5, SQLAlchemy 2.1.9. Its documentation describes the points
#   per option and does not mention that they are rounded.
# Why it matters: quizzes are where points are split into quarters, and twenty questions of 0.25 give
#   4 of 5 points to a student who made no mistake.
# What to do: give these cells points with one decimal at most, or register a grader of one's own
#   under `SaveAutoGrades.graders`, as its documentation shows.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet e2xgrader==0.3.6 e2xcore==0.0.5 e2xauthoring==0.3.2 nbgrader==0.8.5 \
    jupyterlab==3.6.8 ipykernel==6.29.5 nbconvert==7.17.2 nbformat==5.11.1 SQLAlchemy==2.1.9 setuptools==65.5.0
export PATH="$folder/venv/bin:$PATH"
export IPYTHONDIR="$folder/ipython" JUPYTER_CONFIG_DIR="$folder/config" JUPYTER_DATA_DIR="$folder/data"
pip list 2>/dev/null | grep -E '^(e2xgrader|nbgrader|SQLAlchemy) '

mkdir -p course/source/quiz course/submitted/no_mistake/quiz
cd course
cat > nbgrader_config.py <<'PY'
from e2xgrader.config import configure_base

c = get_config()
configure_base(c)
PY
cat > course.py <<'PY'
import sys

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

MULTIPLE = dict(quarter=0.25, half=0.5, three_quarters=0.75, one=1.0, five_quarters=1.25)
POINTS = {**MULTIPLE, "single_choice": 0.25}
TEXT = "Which of them shrink a picture?\n- a stride of two\n- a pad of one\n- pooling\n- a ReLU"


def answers(name):
    return ["0", "2"] if name in MULTIPLE else ["2"]


def write():
    cells = []
    for name, points in POINTS.items():
        kind = "multiplechoice" if name in MULTIPLE else "singlechoice"
        about = dict(grade=True, solution=True, locked=False, task=False, schema_version=3)
        choice = dict(type=kind, num_of_choices=4, choice=answers(name))
        metadata = {"nbgrader": {**about, "grade_id": name, "points": points}, "extended_cell": choice}
        cells.append(new_markdown_cell(TEXT, metadata=metadata))
    kernel = dict(name="python3", language="python", display_name="Python 3")
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), "source/quiz/quiz.ipynb")


def submit():
    notebook = nbformat.read("release/quiz/quiz.ipynb", 4)
    for cell in notebook.cells:
        assert cell.metadata.extended_cell.choice == []
        cell.metadata.extended_cell.choice = answers(cell.metadata.nbgrader.grade_id)
    nbformat.write(notebook, "submitted/no_mistake/quiz/quiz.ipynb")


def marks():
    scores = {}
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        for name in POINTS:
            grade = gradebook.find_grade(name, "quiz", "quiz", "no_mistake")
            scores[name] = grade.auto_score
            print(f"{name:14} {grade.auto_score:g} of {grade.max_score:g}")
        submission = gradebook.find_submission("quiz", "no_mistake")
        print(f"{'the quiz':14} {submission.score:g} of {submission.max_score:g}")
    rounded = dict(zip(MULTIPLE, (0.2, 0.5, 0.8, 1.0, 1.2)))
    assert scores == {**rounded, "single_choice": 0.25}


{"write": write, "submit": submit, "marks": marks}[sys.argv[1]]()
PY
python course.py write
nbgrader generate_assignment quiz 2>> log
python course.py submit
nbgrader autograde quiz 2>> log
python course.py marks
if grep -E 'WARN|ERROR' log; then exit 1; fi
echo "Reproduced: without a mistake, 0.2 of 0.25 and 0.8 of 0.75."
