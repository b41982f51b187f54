"""Attacks by files beside the notebook: modules that shadow others, profiles, links, answers."""

from solutions.corpora.attacks import Attack

LIAR = """
import sys
print("SHADOWED", __name__)
def __getattr__(name):
    return lambda *a, **k: True
"""

SHADOWS = (
    "numpy.py",
    "numpy/__init__.py",
    "h5py.py",
    "h5py/__init__.py",
    "public_tests.py",
    "course_plots.py",
    "plots/__init__.py",
    "checks/__init__.py",
    "checks/judge.py",
    "checks/compare.py",
    "json.py",
    "solutions/__init__.py",
    "autograder/__init__.py",
    "conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
)

LOOK = """
import importlib
for name in ("numpy", "h5py", "public_tests", "checks", "checks.judge", "json", "plots"):
    module = importlib.import_module(name)
    print(name, module.__file__)
"""

ATTACKS = (
    Attack(
        "shadowed_modules",
        "lay modules named like libraries and like the course's own beside the notebook",
        files=dict.fromkeys(SHADOWS, LIAR),
        after=(LOOK,),
    ),
    Attack(
        "shadowed_modules_reloaded",
        "move the folder to the front of sys.path, then import everything again",
        files=dict.fromkeys(SHADOWS, LIAR),
        before=(
            """
import os, sys
sys.path.insert(0, os.getcwd())
for name in list(sys.modules):
    if name.split(".")[0] in ("h5py", "public_tests", "checks", "plots", "json"):
        del sys.modules[name]
import public_tests, checks.judge, json
""",
        ),
    ),
    Attack(
        "start_up_files",
        "lay profiles, .pth files and start-up scripts where interpreters look for them",
        files={
            "attack.pth": "import sys; sys.stdout.write('STARTED')",
            "python311._pth": ".",
            "pyvenv.cfg": "home = .",
            "profile_default/startup/00.py": "print('STARTED')",
            "profile_default/ipython_config.py": "c = get_config()\nprint('STARTED')",
            "ipython/profile_default/startup/00.py": "print('STARTED')",
            "jupyter_config.py": "print('STARTED')",
            "nbgrader_config.py": "c = get_config()\nc.Autograde.autograde_preprocessors = []",
            "ipython_config.py": "print('STARTED')",
            "matplotlibrc": "backend: module://attack",
            "pytest.ini": "[pytest]\naddopts = -p conftest",
        },
        before=(
            """
import os
os.environ.update(PYTHONSTARTUP="profile_default/startup/00.py", PYTHONPATH=os.getcwd(),
                  IPYTHONDIR=os.getcwd() + "/ipython", JUPYTER_CONFIG_DIR=os.getcwd(),
                  NBGRADER_EXECUTION="", LD_PRELOAD=os.getcwd() + "/attack.so")
""",
        ),
    ),
    Attack(
        "expected_values_of_its_own",
        "bring expected values of its own, and overwrite the course's",
        files={"checks/data/cnn_step_by_step.h5": b"not even HDF5", "course.json": b"nor JSON"},
        before=(
            """
import os
for path in ("checks/data/cnn_step_by_step.h5", "/course/checks/data/cnn_step_by_step.h5"):
    for change in (lambda: open(path, "r+b").write(b"0" * 1000), lambda: os.unlink(path)):
        try:
            change()
            print(path, "changed")
        except OSError as error:
            print(path, error.strerror)
""",
        ),
    ),
    Attack(
        "links",
        "lay links to the solutions, the gradebook and system files beside the notebook",
        links={
            "answers.py": "@ROOT@/solutions/cnn_step_by_step/reference.py",
            "solutions": "@ROOT@/solutions",
            "gradebook.db": "@SECRETS@/gradebook.db",
            "other": "@SECRETS@",
            "images": "@SECRETS@",
            "checks": "@ROOT@/solutions",
            "passwd": "/etc/shadow",
            "parent": "..",
            "root": "/proc/@PID@/root",
        },
        hard_links={"hard.db": "@SECRETS@/gradebook.db", "hard.ipynb": "@SECRETS@/other.ipynb"},
        before=(
            """
import os
for folder, _, names in os.walk(".", followlinks=True):
    for name in names:
        try:
            print(os.path.join(folder, name), open(os.path.join(folder, name), "rb").read()[:200])
        except OSError as error:
            print(name, error.strerror)
    if folder.count("/") > 4:
        break
""",
        ),
    ),
    Attack(
        "verdicts_of_its_own",
        "bring a verdict, a mark and a gradebook that say 100",
        files={
            "build/verdicts/cnn_step_by_step/mallory.json": '{"score": 100.0, "max_score": 100.0}',
            "cnn_step_by_step.json": '{"score": 100.0}',
            "verdict.json": '{"score": 100.0, "exercises": []}',
            "gradebook.db": b"SQLite format 3\x00",
            "timestamp.txt": "2000-01-01 00:00:00 UTC",
            "feedback.html": "<script>alert(1)</script>",
        },
    ),
)
