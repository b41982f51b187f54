"""HDF5 files that are made from others, and when they are written anew.

The same source gives numbers that differ in their last bits from one processor to the next, so a
fresh file takes the old one's place only where their content differs by more than that: structure,
texts and whole numbers at all, a float64 by more than 1e-9 of the largest number of its array, a
float32 (the marks of wrong answers) by more than 1e-5 of the largest one of its row.
"""

from pathlib import Path

import h5py
import numpy as np

# The tolerance relative to the largest number, and what counts as 0 anyway.
FLOAT64 = 1e-9, 1e-12
FLOAT32 = 1e-5, 1e-8


def replace_if_changed(path: Path, fresh: Path) -> bool:
    """Move `fresh` to `path` unless their content is the same; return whether it was moved."""
    if path.is_file() and same_content(path, fresh):
        fresh.unlink()
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.replace(path)
    return True


def same_content(left: Path, right: Path) -> bool:
    """Return whether two HDF5 files hold the same, up to the last bits of their numbers."""
    try:
        with h5py.File(left, "r") as first, h5py.File(right, "r") as second:
            return _same(first, second)
    except OSError:
        return False


def _same(left: object, right: object) -> bool:
    if type(left) is not type(right) or left is None:
        return False
    if not _same_values(dict(left.attrs), dict(right.attrs)):
        return False
    if isinstance(left, h5py.Dataset):
        return _same_array(left[()], right[()])
    return list(left) == list(right) and all(_same(left.get(n), right.get(n)) for n in left)


def _same_values(left: dict, right: dict) -> bool:
    return left.keys() == right.keys() and all(_same_array(left[n], right[n]) for n in left)


def _same_array(left: object, right: object) -> bool:
    one, other = np.asarray(left), np.asarray(right)
    if (one.dtype, one.shape) != (other.dtype, other.shape):
        return False
    if one.dtype not in (np.float64, np.float32) or not one.size:
        return bool(np.array_equal(one, other))
    if not np.array_equal(np.isfinite(one), np.isfinite(other)):
        return False
    sizes = np.where(np.isfinite(one), np.abs(one), 0)
    if one.dtype == np.float64 or one.ndim == 0:
        (share, least), largest = FLOAT64, sizes.max()
    else:
        (share, least), largest = FLOAT32, sizes.max(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        near = np.abs(one - other) <= least + share * largest
    return bool(np.where(np.isfinite(one), near, _equal(one, other)).all())


def _equal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (one == other) | (np.isnan(one) & np.isnan(other))
