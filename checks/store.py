"""Reading and writing ``checks/data/<assignment>.h5``: correct answers, signatures of wrong ones.

Layout: attributes ``assignment``, ``format``, ``oldest_hdf5``; per exercise a group with
``expected/<case>/<output>`` (numbers) and the answers of known wrong functions: ``index`` (JSON, as
bytes: slots, names of structures, ids of the entries, their causes in all languages),
``structures`` (uint16, entry x slot, places in the names) and ``numbers`` (float32, entry x slot x
number of an imprint). The first entry is the correct function. In the browser a NumPy archive of
the same content takes the file's place: see :mod:`checks.hdf5`.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from checks.diagnosis import Cause, FailurePattern, WrongAnswers
from checks.fingerprint import Imprint
from checks.hdf5 import load_h5py, open_data
from checks.lines.places import Place, Places
from checks.text import Text

DATA = Path(__file__).with_name("data")
FORMAT = 6
OLDEST_HDF5 = "v110"
"""The newest HDF5 whose layouts may be written, so that every HDF5 since then reads the file.

"latest" would be what the HDF5 of this h5py knows: 1.14 gives back as None what 2.0 writes.
"""
AGAIN = "unpack the assignment's zip again, all of it."
DAMAGED = (
    *(OSError, KeyError, ValueError, IndexError, TypeError, AttributeError),
    zipfile.BadZipFile,
)
"""What reading a damaged file raises."""

Expected = Mapping[str, Mapping[str, Any]]
"""Correct answers: case -> output -> plain value."""


class DataFileError(RuntimeError):
    """The data file is missing, damaged or of another format; the message is one clear line."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class ExpectedValues:
    """The content of the data file."""

    assignment: str
    expected: Mapping[str, Expected]


def path_of(assignment: str) -> Path:
    """Return the data file of an assignment, which may be missing."""
    return DATA / f"{assignment}.h5"


def write(
    path: Path,
    values: ExpectedValues,
    wrong: Mapping[str, WrongAnswers],
    places: Mapping[str, Places],
) -> None:
    """Write the data file; nothing in it depends on the time or the machine."""
    versions = (OLDEST_HDF5, OLDEST_HDF5)
    with load_h5py().File(path, "w", track_order=False, libver=versions) as file:
        file.attrs["assignment"] = values.assignment
        file.attrs["format"] = FORMAT
        file.attrs["oldest_hdf5"] = OLDEST_HDF5
        for name, cases in values.expected.items():
            group = file.create_group(name)
            for case, outputs in cases.items():
                for output, value in outputs.items():
                    group.create_dataset(f"expected/{case}/{output}", data=value)
            _write_wrong(group, wrong[name])
            _write_text(group, "places", _places_to_json(places[name]))


def _write_wrong(group: Any, wrong: WrongAnswers) -> None:
    slots = list(wrong.right)
    rows = [wrong.right, *(imprints for _, imprints in wrong.entries)]
    names = sorted({row[slot].structure for row in rows for slot in slots})
    position = {name: index for index, name in enumerate(names)}
    index = {
        "slots": slots,
        "names": names,
        "ids": [ids for ids, _ in wrong.entries],
        "causes": [_cause_to_json(cause) for cause in wrong.causes.values()],
    }
    _write_text(group, "index", index)
    structures = [[position[row[slot].structure] for slot in slots] for row in rows]
    group.create_dataset("structures", data=np.array(structures, dtype="u2"), compression="gzip")
    numbers = [[row[slot].numbers for slot in slots] for row in rows]
    group.create_dataset("numbers", data=np.array(numbers, dtype="f4"), compression="gzip")


def _write_text(group: Any, name: str, data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False).encode()
    group.create_dataset(name, data=np.frombuffer(text, dtype="u1"), compression="gzip")


def _read_text(group: Any, name: str) -> Any:
    return json.loads(_item(group, name)[()].tobytes().decode())


def read(path: Path) -> ExpectedValues:
    """Read the correct answers; raise DataFileError, in one clear line, where that fails."""
    with _opened(path) as file:
        return ExpectedValues(
            str(file.attrs["assignment"]),
            {name: _read_expected(_item(file, name)) for name in file},
        )


def read_wrong(path: Path, exercise: str) -> WrongAnswers:
    """Read the signatures of the known wrong functions of one exercise; raise DataFileError."""
    with _opened(path) as file:
        return _read_wrong(_item(file, exercise))


def read_places(path: Path, exercise: str) -> Places:
    """Read where the known mistakes of one exercise are; raise DataFileError."""
    with _opened(path) as file:
        data = _read_text(_item(file, exercise), "places")
        return Places(
            frozenset(data["right"]),
            {
                cause: tuple(
                    tuple(Place(role, frozenset(forms)) for role, forms in way) for way in ways
                )
                for cause, ways in data["of"].items()
            },
        )


def _places_to_json(places: Places) -> dict[str, Any]:
    return {
        "right": sorted(places.right),
        "of": {
            cause: [[[place.role, sorted(place.forms)] for place in way] for way in ways]
            for cause, ways in places.of.items()
        },
    }


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    name = "/".join(path.parts[-3:])
    try:
        with open_data(path) as file:
            if int(file.attrs["format"]) != FORMAT:
                raise DataFileError(f"{name} is of another version: {AGAIN}")
            yield file
    except FileNotFoundError:
        raise DataFileError(f"{name} is missing: {AGAIN}") from None
    except ModuleNotFoundError as error:
        raise DataFileError(f"{error.name} is missing: pip install {error.name}") from None
    except DAMAGED as error:
        raise DataFileError(f"{name} can't be read: {AGAIN} ({error})"[:200]) from None


def _item(group: Any, name: str) -> Any:
    """Return what a group holds under a name; raise DataFileError where this HDF5 can't read it.

    h5py gives None for an object that was written in a layout that its HDF5 does not know.
    """
    item = group.get(name)
    if item is None and name not in list(group):
        raise KeyError(f"no {name} in {group.name}")
    if item is None:
        h5py = load_h5py()
        here = h5py.version.hdf5_version
        raise DataFileError(
            f"{Path(group.file.filename).name}: {group.name}/{name} can't be read by HDF5 {here}, "
            f"which h5py {h5py.__version__} uses: update h5py (pip install --upgrade h5py)."
        )
    return item


def _read_expected(group: Any) -> dict[str, dict[str, Any]]:
    cases = _item(group, "expected")
    return {
        case: {output: _item(cases[case], output)[()] for output in _item(cases, case)}
        for case in cases
    }


def _read_wrong(group: Any) -> WrongAnswers:
    index = _read_text(group, "index")
    slots = [tuple(slot) for slot in index["slots"]]
    structures = _item(group, "structures")[()]
    numbers = _item(group, "numbers")[()].astype(np.float64)
    rows = [
        {
            slot: Imprint(index["names"][structures[row, column]], tuple(numbers[row, column]))
            for column, slot in enumerate(slots)
        }
        for row in range(len(structures))
    ]
    causes = [_cause_from_json(entry) for entry in index["causes"]]
    ids = [tuple(entry) for entry in index["ids"]]
    return WrongAnswers(
        {cause.id: cause for cause in causes}, rows[0], list(zip(ids, rows[1:], strict=True))
    )


def _cause_to_json(cause: Cause) -> dict[str, Any]:
    return {
        "id": cause.id,
        "message": cause.message.to_json(),
        "hint": cause.hint.to_json(),
        "failures": [[f.type, f.message, f.source] for f in cause.failures],
        "equivalent": cause.equivalent,
        "code": cause.code,
        "weight": cause.weight,
    }


def _cause_from_json(entry: dict[str, Any]) -> Cause:
    return Cause(
        entry["id"],
        Text(**entry["message"]),
        Text(**entry["hint"]),
        tuple(FailurePattern(*failure) for failure in entry["failures"]),
        tuple(entry["equivalent"]),
        entry["code"],
        entry["weight"],
    )
