"""The graded cells of a notebook in nbgrader's gradebook, also where they change after grading."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader import preprocessors
from nbgrader.api import Comment, Grade, GradeCell, MissingEntry, SolutionCell, SourceCell, TaskCell

from autograder.course import Notebook
from autograder.model import grade_id_of
from autograder.safe_text import one_line
from autograder.sayings import AND_MORE
from autograder.scheme import points_of
from autograder.texts import TextError
from checks.text import Text, listed

MAX_NAMED = 5

_LOST = Text(
    "the built notebook of {assignment} has no cell {names}; make it anew with: autograder build",
    "{assignment} 的 notebook 中没有单元格 {names}；请用 autograder build 重新构建",
)
_WRITTEN = Text(
    "{cells} would go, and a person has marked it or commented on it for {names}: take that back "
    "in formgrader first, or keep the exercise and give it 0 points",
    "{cells} 将被去掉，而已经有人给它评分或写了评语（学生：{names}）：请先在 formgrader 中撤回，"
    "或者保留这个练习，把分值设为 0",
)


class CellsDiffer(TextError):
    """The gradebook can't take a notebook's cells; the message is one line."""


def save_cells(source: Notebook, assignment: str, db_url: str) -> None:
    """Save a notebook's cells in the gradebook, as nbgrader's generate_assignment does.

    Raises CellsDiffer, in one line, where the notebook lacks an exercise of the assignment, or
    where one has gone on which a person wrote something.
    """
    names = {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in source["cells"]}
    if lost := sorted({grade_id_of(name) for name in points_of(assignment)} - names):
        raise CellsDiffer(_LOST.format(assignment=assignment, names=listed(lost)))
    notebook = nbformat.from_dict(json.loads(json.dumps(source)))
    place = {"notebook": assignment, "assignment": assignment, "db_url": db_url}
    resources = {"nbgrader": place}
    for step in (preprocessors.ComputeChecksums(), SaveCells()):
        notebook, resources = step.preprocess(notebook, resources)


class SaveCells(preprocessors.SaveCells):
    """nbgrader's step, which here adds and removes cells although there are submissions.

    nbgrader refuses that. A cell that is new gets the rows that a submission has for each cell,
    not graded yet; one that has gone takes its rows along, but never what a person wrote.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        try:
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            notebook = None
        if notebook is not None and notebook.submissions:
            self._agree(notebook)
        with _one_transaction(self.gradebook.db):
            super()._create_notebook(nb)

    def _agree(self, notebook: Any) -> None:
        """Give the gradebook the notebook's cells, in one transaction."""
        db = self.gradebook.db
        kinds = (
            (GradeCell, notebook.grade_cells, self.new_grade_cells),
            (SolutionCell, notebook.solution_cells, self.new_solution_cells),
            (TaskCell, notebook.task_cells, self.new_task_cells),
            (SourceCell, notebook.source_cells, self.new_source_cells),
        )
        gone = [cell for _, known, new in kinds for cell in known if cell.name not in new]
        _keep_what_a_person_wrote([row for cell in gone for row in _rows(cell)])
        for cell in gone:
            for row in (*_rows(cell), cell):
                db.delete(row)
        for kind, known, new in kinds:
            for name in new.keys() - {cell.name for cell in known}:
                cell = kind(name=name, notebook=notebook, **new[name])
                db.add(cell)
                for row in _rows_of_kind(kind):
                    db.add_all(row(cell=cell, notebook=one) for one in notebook.submissions)
        db.commit()


@contextlib.contextmanager
def _one_transaction(db: Any) -> Iterator[None]:
    """Have what is committed within the block committed at its end: nbgrader commits every cell.

    A database waits for its disk each time. Who is killed meanwhile leaves no half notebook.
    """
    db.commit = db.flush
    try:
        yield
    finally:
        del db.commit
    db.commit()


def _rows_of_kind(kind: type) -> Iterator[type]:
    """Yield what a submission has for a cell of this kind."""
    if kind in (GradeCell, TaskCell):
        yield Grade
    if kind in (SolutionCell, TaskCell):
        yield Comment


def _rows(cell: Any) -> list[Any]:
    """Return the marks and comments of a cell, of all students."""
    related = {Grade: "grades", Comment: "comments"}
    return [row for kind in _rows_of_kind(type(cell)) for row in getattr(cell, related[kind])]


def _keep_what_a_person_wrote(rows: list[Any]) -> None:
    """Raise CellsDiffer, in one line, where rows hold a person's marks or comments."""
    wrote = ("manual_score", "extra_credit", "manual_comment")
    kept = [row for row in rows if any(getattr(row, name, None) for name in wrote)]
    kept += [row for row in rows if getattr(row, "manual_score", None) == 0]
    if not kept:
        return
    cells = listed(sorted({row.cell.name for row in kept}))
    students = sorted({row.student.id for row in kept})
    names = listed(one_line(student, 80) for student in students[:MAX_NAMED])
    if len(students) > MAX_NAMED:
        names = AND_MORE.format(names=names, count=len(students) - MAX_NAMED)
    raise CellsDiffer(_WRITTEN.format(cells=cells, names=names))
