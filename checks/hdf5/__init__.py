"""The course's data files: HDF5, or a NumPy archive with the same content where there is no h5py.

In a browser there is no h5py unless it is fetched from elsewhere, and JupyterLite fetches only what
a cell itself imports. So the course's site has archives in place of the HDF5 files.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

ARCHIVE = ".npz"
_ATTRIBUTES = "@attributes"


class Archive:
    """A group of a NumPy archive, to be read like a group of an HDF5 file."""

    def __init__(self, arrays: Mapping[str, np.ndarray], name: str = "") -> None:
        self._arrays = arrays
        self.name = name

    @property
    def attrs(self) -> Mapping[str, Any]:
        """The group's attributes."""
        return json.loads(self._arrays[_ATTRIBUTES].item()).get(self.name, {})

    def __iter__(self) -> Iterator[str]:
        inside = [path for path in self._arrays if path.startswith(self.name) and path[0] != "@"]
        return iter(dict.fromkeys(path[len(self.name) :].split("/")[0] for path in inside))

    def __getitem__(self, name: str) -> Any:
        if self.name + name in self._arrays:
            return self._arrays[self.name + name]
        if name in self:
            return Archive(self._arrays, f"{self.name}{name}/")
        raise KeyError(f"no {name} in {self.name}")

    def get(self, name: str) -> Any:
        """Return what the group holds under a name, None where there is nothing."""
        try:
            return self[name]
        except KeyError:
            return None


def load_h5py() -> Any:
    """Return h5py, imported when it is first needed: a right submission asks for no data file.

    Raises ModuleNotFoundError where it is not installed.
    """
    try:
        import h5py
    except ModuleNotFoundError:
        raise ModuleNotFoundError("h5py is missing: pip install h5py", name="h5py") from None
    return h5py


@contextmanager
def open_data(path: Path) -> Iterator[Any]:
    """Open an HDF5 file of the course or, where there is none, its NumPy archive.

    Raises FileNotFoundError where both are absent, ModuleNotFoundError where h5py is.
    """
    archive = path.with_suffix(ARCHIVE)
    if not path.is_file() and archive.is_file():
        with np.load(archive) as arrays:
            yield Archive(arrays)
    else:
        with load_h5py().File(path, "r") as file:
            yield file


def write_archive(hdf5: Path, path: Path) -> None:
    """Write the content of an HDF5 file as a NumPy archive."""
    arrays: dict[str, Any] = {}
    h5py = load_h5py()
    with h5py.File(hdf5, "r") as file:
        attributes = {"": _plain_attributes(file)}

        def take(name: str, item: Any) -> None:
            if isinstance(item, h5py.Dataset):
                arrays[name] = item[()]
            else:
                attributes[f"{name}/"] = _plain_attributes(item)

        file.visititems(take)
    arrays[_ATTRIBUTES] = np.array(json.dumps(attributes))
    np.savez_compressed(path, **arrays)


def _plain_attributes(item: Any) -> dict[str, Any]:
    return {name: np.asarray(value).item() for name, value in item.attrs.items()}
