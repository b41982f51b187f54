#!/usr/bin/env bash
# nbgrader-jupyterquiz gives no point for the exact answer 0.0625, and the point for 0.062.
#
# Expected: in a numeric question with two significant digits and the answer 0.0625 (one sixteenth), a
#   student who types 0.0625 or 1/16 gets the point. The quiz in the browser calls it correct, and the
#   autograder's docstring says that it rounds as the browser does.
# What happens: the browser rounds what was typed with `toPrecision`, half away from zero, before it is
#   stored: 0.063. The autograder rounds the teacher's number with Python's "g", half to even: 0.062.
#   Where an exact 5 follows the last digit, as in 1/16, 1/8 or 12.5, the exact answer fails, and so
#   does 0.063. Only 0.062 gets the point, to which the browser says "Incorrect". (A graded quiz shows
#   no verdict by default, so that nobody notices.) In 0.375 both round up, and all is well.
# Versions: nbgrader-jupyterquiz 0.5.0, nbgrader 0.9.6; quickjs-ng 0.17.0.2 runs the quiz's own
#   JavaScript in place of a browser.
# Why it matters: powers of two are what one asks for in such a course: the mean of a 4x4 window, the
#   share of a gradient in average pooling, the part of a picture that is left after two strides.
# What to do: ask without a precision, or give a range, `+ [0.062, 0.063]` (both shown below).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet nbgrader-jupyterquiz==0.5.0 nbgrader==0.9.6 quickjs-ng==0.17.0.2
export PATH="$folder/venv/bin:$PATH"
export IPYTHONDIR="$folder/ipython" JUPYTER_CONFIG_DIR="$folder/config" JUPYTER_DATA_DIR="$folder/data"
pip list 2>/dev/null | grep -E '^(nbgrader|nbgrader[-_]jupyterquiz|quickjs-ng) '

mkdir -p course/source/quiz
cd course
echo 'c = get_config(); c.GenerateAssignment.preprocessors.insert(0, "nbgrader_jupyterquiz.CreateQuiz")' \
    > nbgrader_config.py
cat > browser.js <<'JS'
var console = {log() {}}, log = {}, told = {style: {}, classList: {add() {}, remove() {}}};
told.parentElement = {parentElement: {id: "quiz", dataset: {gradeId: "mean-autograded"}}};
var document = {getElementById(id) {
    return id.startsWith("fb") ? told : id.startsWith("quizWrap") ? {dataset: {qnum: id.slice(8)}} : null;
}};
class Question { static register() {} }
function jaxify(text) { return text; }
function recordResponse(quiz, number, payload) { log[number] = payload; }
function type(number, question, text) {
    var field = {id: number + "-0", value: text, dataset: {}, blur() {}, classList: {add() {}}};
    field.dataset.answers = JSON.stringify(question.answers);
    if ("precision" in question) field.dataset.precision = question.precision;
    field.closest = () => null;
    check_numeric(field, {keyCode: 13});
    return told.innerHTML;
}
JS
cat > quiz.py <<'PY'
import json
import pathlib
import shutil
import sys

import nbformat
import nbgrader_jupyterquiz
import quickjs
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader_jupyterquiz.grader import parse

TEXT = """What is one pixel's share of the mean?
#### Quiz hide_correctness=false
* (NM) "A 4x4 window, two digits" [2] {1}
  + <0.0625>
* (NM) "Two windows of 2x2, two digits" [2] {1}
  + <0.125>
* (NM) "A 3x3 window, two digits" [2] {1}
  + <0.1111111>
* (NM) "A 4x4 window" {1}
  + <0.0625>
* (NM) "A 4x4 window, by range" {1}
  + [0.062, 0.063]
#### End Quiz"""
STUDENTS = {
    "exact": ("0.0625", "1/8", "1/9", "1/16", "0.0625"),
    "rounded_half_up": ("0.063", "0.13", "0.11", "0.0625", "0.063"),
    "rounded_down": ("0.062", "0.12", "0.11", "0.0625", "0.062"),
}


def write():
    task = dict(grade=True, solution=False, locked=False, task=True, points=0, schema_version=3)
    cell = new_markdown_cell(TEXT, metadata={"nbgrader": {**task, "grade_id": "mean", "cell_type": "markdown"}})
    kernel = dict(name="python3", language="python", display_name="Python 3")
    nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": kernel}), "source/quiz/quiz.ipynb")


def answer():
    scripts = pathlib.Path(nbgrader_jupyterquiz.__file__).with_name("display") / "js"
    (quiz,), _ = parse.parse_cell(TEXT)
    for student, typed in STUDENTS.items():
        page = quickjs.Context()
        page.eval(pathlib.Path("browser.js").read_text() + (scripts / "numeric.js").read_text())
        seen = []
        for number, (question, text) in enumerate(zip(quiz.questions, typed)):
            said = page.eval(f"type({number}, {json.dumps(question)}, {text!r})")
            seen.append(said.split()[0].rstrip("."))
        recorded = json.loads(page.eval("JSON.stringify(log)"))
        submitted = pathlib.Path("submitted") / student / "quiz"
        shutil.copytree("release/quiz", submitted)
        sidecar = dict(schema_version=1, responses={"mean-autograded": recorded})
        (submitted / "responses.json").write_text(json.dumps(sidecar))
        print(f"{student:15} browser: " + ", ".join(map(" ".join, zip(typed, seen))))
        wrong = 2 if student == "rounded_down" else 0
        assert seen == ["Incorrect"] * wrong + ["Correct"] * (5 - wrong)


def marks():
    scores = {}
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        for student in STUDENTS:
            grade = gradebook.find_grade("mean-autograded", "quiz", "quiz", student)
            scores[student] = grade.auto_score
            print(f"{student:15} autograder: {grade.auto_score:g} of {grade.max_score:g}")
    assert scores == {"exact": 3, "rounded_half_up": 3, "rounded_down": 5}


{"write": write, "answer": answer, "marks": marks}[sys.argv[1]]()
PY
python quiz.py write
nbgrader generate_assignment quiz 2>> log
python quiz.py answer
nbgrader autograde quiz 2>> log
python quiz.py marks
echo "Reproduced: correct in the browser is 3 of 5 in the gradebook, and incorrect is 5 of 5."
