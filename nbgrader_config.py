"""nbgrader's settings for this course: every nbgrader command in this folder reads them.

COURSE_LANGUAGE=zh chooses the Chinese notebooks to be released, and so on for each language of the
course; without it they are English.
"""

import glob
import os
import sys
from pathlib import Path

import autograder  # noqa: F401 - what it finds beside itself can be imported from here on
from checks.text import LANGUAGES

ROOT = Path(__file__).resolve().parent
language = os.environ.get("COURSE_LANGUAGE", LANGUAGES[0])
if language not in LANGUAGES:
    sys.exit(f"COURSE_LANGUAGE is one of {', '.join(LANGUAGES)}, not {language!r}.")

# nbgrader runs the program alembic, which lies beside the Python it runs with.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
(ROOT / "build").mkdir(exist_ok=True)

c = get_config()  # noqa: F821 - the loader of this file defines it

# --- the course and its folders ---------------------------------------------------------------
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "cnn_course"
# The address of the public repository, such as "https://github.com/owner/course": the site's links
# to Colab and Binder and the notebooks' cell for Colab lead there. docs/publishing.md says more.
c.CNNCourse.address = ""
c.CourseDirectory.db_url = f"sqlite:///{ROOT / 'build' / 'gradebook.db'}"
c.CourseDirectory.source_directory = f"notebooks/{language}"
for step in ("release", "submitted", "autograded", "feedback"):
    setattr(c.CourseDirectory, f"{step}_directory", f"build/{step}")
c.CourseDirectory.ignore = [
    "__pycache__",
    "*.pyc",
    ".*",
    "*.log",
    "*.tmp",
    "solutions",
    # Only notebooks are taken out of submissions: no other file of a student is copied on. The
    # second pattern is for names that begin with a dot, which "*" does not match.
    *(
        os.path.join(glob.escape(str(ROOT)), "build", "submitted", "*", "*", name)
        for name in ("*", ".*")
    ),
]

# --- release ----------------------------------------------------------------------------------
# Without ClearSolutions: the stubs are written in the source, with the comments that guide a
# beginner, and ClearSolutions would replace them by "raise NotImplementedError()".
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    # nbgrader's own refuses exercises that are added or dropped after grading.
    "autograder.recording.saved_cells.SaveCells",
    "nbgrader.preprocessors.CheckCellMetadata",
    # What stands once in this repository and students need beside their notebook.
    "autograder.building.release.AddSharedFiles",
]

# --- zip_collect: archives of a learning platform ------------------------------------------------
c.ZipCollectApp.downloaded_directory = "build/downloaded"
c.ZipCollectApp.extractor_plugin = "autograder.collecting.zip_collect.LimitedExtractor"
c.ZipCollectApp.collector_plugin = "autograder.collecting.zip_collect.PlatformCollector"
# What is no notebook comes along under a name that ends in .ipynb, so that grading says what it is.
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".py"]

# --- autograde: files are read, run and judged by this course's engine --------------------------
c.Autograde.exporter_class = "autograder.recording.nbgrader_steps.SubmissionExporter"
c.Autograde.pre_convert_hook = "autograder.recording.nbgrader_steps.grade_what_nbgrader_refuses"
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.CheckCellMetadata"]
c.Autograde.autograde_preprocessors = [
    "autograder.recording.nbgrader_steps.VerdictPreprocessor",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# What the course ships beside the notebook is not needed to read a graded one.
c.Autograde.exclude_overwriting = {
    folder.name: [
        str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()
    ]
    for folder in sorted((ROOT / "notebooks" / language).glob("*"))
    if folder.is_dir()
}

# --- formgrader: it writes when no run does -------------------------------------------------------
if "nbgrader.server_extensions.formgrader.apihandlers" in sys.modules:
    from autograder.recording.formgrader import take_turns

    take_turns()

# --- feedback and export ------------------------------------------------------------------------
c.GenerateFeedback.exporter_class = "autograder.recording.nbgrader_steps.FeedbackExporter"
c.ExportApp.plugin_class = "autograder.recording.nbgrader_steps.StatusExport"
c.ExchangeFactory.release_feedback = "autograder.recording.release_feedback.ReleaseFeedback"
