#!/usr/bin/env bash
# mograder's Moodle export undoes a penalty of 100%, and adds up other assignments.
#
# Expected: `mograder moodle export hw1` puts into the worksheet what `mograder feedback hw1` has
#   worked out for hw1: the mark, less the penalty for being late.
# What happens: (1) a penalised mark of 0 counts as "none there", so the full mark is exported:
#   nine days late leaves 8 of 80, twelve days late leaves 80. (2) The marks of all assignments in
#   the gradebook are added, whichever is named: with 80 for hw1 and 70 for hw2, the worksheet of
#   hw1 says 150 of 100. With `--grades-csv` both are right. Each command exits 0.
# Versions: mograder 0.3.16, marimo 0.25.2.
# Why it matters: the worksheet is uploaded as it is. The latest submissions of all get the best
#   marks, and from the second assignment on every mark is too high.
# What to do: always export from the CSV that `mograder feedback --grades-csv` writes, and upload
#   that worksheet. (0.3.16 ends with a traceback in its statistics then, after the worksheet is
#   written.)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet mograder==0.3.16 marimo==0.25.2
export PATH="$folder/venv/bin:$PATH"
pip list 2>/dev/null | grep -E '^(mograder|marimo) '

mkdir -p course/{autograded,submitted}/hw1 course/import no_penalties/import
cd course
cat > mograder.toml <<'TOML'
[penalties]
enabled = true
per_day = 10.0
max = 100.0
TOML
cat > notebook.py <<'PY'
import marimo

app = marimo.App()


@app.cell
def _():
    answer = 1
    return (answer,)


if __name__ == "__main__":
    app.run()
PY
python - <<'PY'
import csv
import json
import shutil
from pathlib import Path

from mograder.grading.gradebook import Gradebook

DUE, DAY = 1767268800, 86400
LATE = {"in_time": -1, "nine_days_late": 9, "twelve_days_late": 12}
for student in LATE:
    for step in ("autograded", "submitted"):
        shutil.copy("notebook.py", f"{step}/hw1/{student}.py")
sent = {student: DUE + days * DAY for student, days in LATE.items()}
Path("submitted/hw1/.fetch_metadata.json").write_text(json.dumps(sent))
with Gradebook(Path("gradebook.db")) as gradebook:
    gradebook.upsert_assignment("hw1", 100)
    for student in LATE:
        gradebook.save_manual_grade("hw1", student, 80.0)
with open("import/hw1.csv", "w", newline="") as file:
    sheet = csv.writer(file)
    sheet.writerow("Identifier,Full name,Username,Status,Grade,Maximum grade,Last modified (grade)".split(","))
    for number, student in enumerate(LATE, 1):
        sheet.writerow([f"Participant {number}", student, student, "Submitted for grading", "", 100, "-"])
PY
show() { python -c 'import csv, sys
print(*(f"{row['"'Username'"']}={row['"'Grade'"']}" for row in csv.DictReader(open(sys.argv[1]))))' "$1"; }

mograder feedback hw1 --due-date 1767268800 --grades-csv grades.csv > feedback.log
echo "--- worked out by mograder feedback:"
cut -d, -f1,2,4- grades.csv
mograder moodle export hw1 -o from_gradebook > export.log
gradebook=$(show from_gradebook/hw1.csv)
mograder moodle export hw1 --grades-csv grades.csv -o from_csv > csv.log 2>&1 || true
csv=$(show from_csv/hw1.csv)

cp import/hw1.csv ../no_penalties/import
cd ../no_penalties
python - <<'PY'
from pathlib import Path

from mograder.grading.gradebook import Gradebook

with Gradebook(Path("gradebook.db")) as gradebook:
    for assignment, mark in (("hw1", 80.0), ("hw2", 70.0)):
        gradebook.upsert_assignment(assignment, 100)
        gradebook.save_manual_grade(assignment, "in_time", mark)
PY
mograder moodle export hw1 > export.log
second=$(show export/hw1.csv | cut -d' ' -f1)
echo "hw1 exported from the CSV:                  $csv"
echo "hw1 exported from the gradebook:            $gradebook"
echo "without penalties, 80 for hw1, 70 for hw2:   $second"

[ "$csv" = "in_time=80 nine_days_late=8 twelve_days_late=0" ]
[ "$gradebook" = "in_time=80 nine_days_late=8 twelve_days_late=80" ]
[ "$second" = "in_time=150" ]
echo "Reproduced: a penalty of 100% is none, and hw1's mark holds hw2's."
