"""JupyterLite: the part of the site in which the notebooks run, in the browser and nowhere else.

It runs Python as Pyodide, which a browser fetches from Pyodide's own address or, where the class is
offline, from a folder that is copied into the site.
"""

import csv
import importlib.metadata
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from autograder.course import CourseError
from checks.text import Text, listed

_NO_LITE = Text(
    'JupyterLite is missing: run `make site`, or pip install -e ".[site]"',
    '没有安装 JupyterLite：请运行 `make site`，或者 pip install -e ".[site]"',
)
_FAILED = Text("JupyterLite could not be built: {said}", "JupyterLite 构建失败：{said}")
_NO_PYODIDE = Text(
    "{folder} is not a folder of Pyodide: it has no {lock}",
    "{folder} 不是 Pyodide 的文件夹：其中没有 {lock}",
)
_NO_PACKAGE = Text("{lock} has no package {name}", "{lock} 中没有软件包 {name}")
_UNREADABLE = Text("{lock} can't be read: {error}", "无法读取 {lock}：{error}")
_INCOMPLETE = Text(
    "{folder} lacks packages of Pyodide: {names}; unpack the whole distribution "
    "(pyodide-<version>.tar.bz2, not pyodide-core)",
    "{folder} 缺少 Pyodide 的软件包：{names}；请解压完整的发行包"
    "（pyodide-<version>.tar.bz2，而不是 pyodide-core）",
)

KERNEL = "@jupyterlite/pyodide-kernel-extension"
SETTINGS = f"{KERNEL}:kernel"
APPS = ("notebooks", "lab")
LOCK = "pyodide-lock.json"
# What the notebooks and the kernel need of Pyodide's packages.
NEEDED = ("numpy", "matplotlib", "ipython")
# The kernel asks PyPI for what Pyodide lacks, unless the site has it.
OWN_WHEELS = ("comm",)
OVERRIDES = {
    # Every cell is on the page, so that a link between sections finds its cell.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    # Dark where the browser is dark, as the site's own pages are.
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
}


def build_lab(
    contents: Path, out: Path, pyodide: Path | None = None, python: Path = Path(sys.executable)
) -> None:
    """Build JupyterLite into `out` with the files in `contents`.

    `python` is the interpreter that has JupyterLite. Raises CourseError where it has none, where
    `pyodide` is no folder with Pyodide and its packages, or where the build fails.
    """
    extension = python.parent.parent / "share" / "jupyter" / "labextensions" / KERNEL
    if not extension.is_dir():
        raise CourseError(_NO_LITE)
    if pyodide is not None:
        check_pyodide(pyodide)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options = {
            "contents": [str(contents)],
            "output_dir": str(out),
            "apps": list(APPS),
            "no_sourcemaps": True,
            "cache_dir": str(folder / "cache"),
            # Of the extensions that are installed here the site gets the kernel alone.
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [str(extension)],
        }
        wheels = [str(pack_wheel(each, folder)) for each in OWN_WHEELS]
        _write(
            folder / "jupyter_lite_config.json",
            {"LiteBuildConfig": options, "PipliteAddon": {"piplite_urls": wheels}},
        )
        _write(folder / "overrides.json", OVERRIDES)
        kernel = {"disablePyPIFallback": True} if pyodide else {}
        _write(
            folder / "jupyter-lite.json",
            {
                "jupyter-lite-schema-version": 0,
                "jupyter-config-data": {"litePluginSettings": {SETTINGS: kernel}},
            },
        )
        if pyodide is not None:
            (folder / "static").mkdir()
            (folder / "static" / "pyodide").symlink_to(pyodide.resolve())
        _run(python, folder)


def _run(python: Path, folder: Path) -> None:
    command = [str(python), "-m", "jupyterlite_core", "build", "--lite-dir", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        said = next((line for line in reversed(lines) if "Error" in line), "".join(lines[-1:]))
        raise CourseError(_FAILED.format(said=said.strip()))


def check_pyodide(folder: Path) -> None:
    """Raise CourseError where a folder does not hold Pyodide with what the notebooks need."""
    try:
        packages = json.loads((folder / LOCK).read_text("utf-8"))["packages"]
        missing = [
            name
            for name in _with_dependencies(packages)
            if not (folder / packages[name]["file_name"]).is_file()
        ]
    except FileNotFoundError:
        raise CourseError(_NO_PYODIDE.format(folder=folder, lock=LOCK)) from None
    except KeyError as error:
        raise CourseError(_NO_PACKAGE.format(lock=folder / LOCK, name=error)) from None
    except (OSError, ValueError, TypeError) as error:
        raise CourseError(_UNREADABLE.format(lock=folder / LOCK, error=error)) from None
    if missing:
        raise CourseError(_INCOMPLETE.format(folder=folder, names=listed(missing[:5])))


def _with_dependencies(packages: dict) -> list[str]:
    found: list[str] = []
    names = list(NEEDED)
    while names:
        name = re.sub(r"[-_.]+", "-", names.pop()).lower()
        if name not in found:
            found.append(name)
            names += packages[name].get("depends", [])
    return found


def pack_wheel(name: str, folder: Path) -> Path:
    """Pack an installed package that is pure Python as a wheel in `folder`, the same each time."""
    package = importlib.metadata.distribution(name)
    info = f"{name}-{package.version}.dist-info"
    path = folder / f"{name}-{package.version}-py3-none-any.whl"
    files = {
        file.as_posix(): file.read_binary()
        for file in package.files or ()
        if file.suffix not in (".pyc", "") or file.name in ("METADATA", "WHEEL", "LICENSE")
        if ".." not in file.parts
    }
    record = io.StringIO()
    csv.writer(record, lineterminator="\n").writerows((each, "", "") for each in sorted(files))
    files[f"{info}/RECORD"] = record.getvalue().encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for each in sorted(files):
            wheel.writestr(zipfile.ZipInfo(each), files[each])
    return path


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1), "utf-8")
