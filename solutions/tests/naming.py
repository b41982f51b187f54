"""What is said of a function's text: the checks' own way from a source to the names of causes."""

import functools
import inspect
import linecache

import numpy as np

from autograder.grading.answers import right_answers, wrong_answers
from autograder.grading.asked import hidden_arguments, shelf_name
from autograder.grading.known import Known
from autograder.reading.student_code import own_functions
from checks.assignments import ASSIGNMENTS
from checks.causes import all_causes
from checks.diagnosis import diagnose
from checks.evidence import Evidence
from checks.judge import judge
from checks.run import run
from checks.student_source import global_names_read, has_placeholder, plain_code
from solutions.catalogue import load

SEED = 20_26_11_29

KNOWN = Known()
"""What was found out of wrong functions on some inputs; conftest.py says where workers share it."""


@functools.cache
def _prepared(name):
    exercise = exercise_called(name)
    assignment = next(a for a in ASSIGNMENTS.values() if exercise in a.exercises)
    catalogue = load(assignment.name)
    arguments = hidden_arguments(exercise, SEED)
    shelf = KNOWN.shelf(_shelf(name))
    known = wrong_answers(catalogue, exercise, arguments, shelf)
    return catalogue, arguments, right_answers(catalogue, exercise, arguments), known


def _shelf(name):
    return shelf_name((name, SEED))


def exercise_called(name):
    """Return the exercise called `name`, of whichever assignment."""
    return next(e for a in ASSIGNMENTS.values() for e in a.exercises if e.name == name)


def said_of(name, source, notebook=()):
    """Return (status, names of the causes) of the function `name` that `source` defines.

    Its helpers are the correct ones; `notebook` are names of data that the notebook holds.
    """
    exercise = exercise_called(name)
    catalogue, arguments, expected, known = _prepared(name)
    KNOWN.shelf(_shelf(name))  # takes in what other workers have found out
    file = f"<said of {name}: {hash(source)}>"
    linecache.cache[file] = (1, None, source.splitlines(keepends=True), file)
    space = {**catalogue.functions, "np": np, "__name__": "notebook"}
    exec(compile(source, file, "exec"), space)
    seen = run(exercise, space[name], arguments).observations
    result = judge(exercise, seen, expected, arguments, has_placeholder(source))
    read = tuple(n for n in global_names_read(source, name) if n in notebook)
    asked = exercise.parameters, exercise.outputs
    codes = own_functions(source)
    own = codes.pop(name, None)
    text, first = (own.text, own.first_line) if own else (source, 1)
    texts = {each: code.text for each, code in codes.items()}
    evidence = Evidence(result.status, seen, text, read, None, *asked, first, texts)
    causes = all_causes(name, evidence, lambda: diagnose(exercise, seen, known, plain_code(text)))
    KNOWN.share()
    return result.status, {cause.id.partition("/")[2] for cause in causes}


def patched(functions, name, *edits):
    """Return the text of a reference function in which each edit (old, new) was made."""
    source = inspect.getsource(getattr(functions, name))
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    return source
