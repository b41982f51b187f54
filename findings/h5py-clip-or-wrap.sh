#!/usr/bin/env bash
# The same label is stored as 0 or as 255, depending on how many are written at once.
#
# Expected: `dataset[...] = labels` and a loop of `dataset[i] = labels[i]` store the same bytes; and
#   reading as another type gives the same for `dataset.astype("u1")[:]` and
#   `dataset[:].astype("u1")`.
# What happens: h5py leaves arrays to HDF5, which clips to the range of the file's type, and casts
#   NumPy scalars with NumPy, which wraps. -1 written as part of an array becomes 0, and 300 becomes
#   255; written one by one they become 255 and 44. A Python int out of range is an error, but only
#   it: the values of arrays never raise or warn.
# Versions: h5py 3.16.0 (HDF5 2.0.0), NumPy 2.4.6.
# Why it matters: -1 for "not labelled" in a uint8 data set turns into class 0, the images without a
#   label become examples of a class, and a pipeline that appends one by one disagrees with the one
#   that writes batches. Pixels above 255 look right in one and wrap in the other.
# What to do: check the range before the write (`np.iinfo`), or give the data set a signed type.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet h5py==3.16.0 numpy==2.4.6

cat > labels.py <<'PY'
import warnings

import h5py
import numpy as np

warnings.simplefilter("error")
print("h5py", h5py.__version__, "HDF5", h5py.version.hdf5_version, "NumPy", np.__version__)
labels = np.array([-1, 0, 1, 300])
with h5py.File("labels.h5", "w") as file:
    at_once = file.create_dataset("at_once", labels.shape, dtype="u1")
    at_once[...] = labels
    one_by_one = file.create_dataset("one_by_one", labels.shape, dtype="u1")
    for index, label in enumerate(labels):
        one_by_one[index] = label
    slices = file.create_dataset("slices_of_one", labels.shape, dtype="u1")
    for index in range(len(labels)):
        slices[index : index + 1] = labels[index : index + 1]
    as_it_is = file.create_dataset("as_it_is", data=labels)
    stored = {name: file[name][:].tolist() for name in ("at_once", "one_by_one", "slices_of_one")}
    stored["read by astype"] = as_it_is.astype("u1")[:].tolist()
    stored["cast after the read"] = as_it_is[:].astype("u1").tolist()
    try:
        at_once[0] = -1
        stored["Python's -1"] = "stored"
    except OverflowError as error:
        stored["Python's -1"] = f"OverflowError: {error}"
print(f"{'labels':20}", labels.tolist())
for name, values in stored.items():
    print(f"{name:20}", values)
clipped, wrapped = [0, 0, 1, 255], [255, 0, 1, 44]
assert stored["at_once"] == stored["slices_of_one"] == stored["read by astype"] == clipped
assert stored["one_by_one"] == stored["cast after the read"] == wrapped
assert stored["Python's -1"].startswith("OverflowError")
PY
venv/bin/python labels.py
echo "Reproduced: not labelled is class 0 when written at once, and 255 one by one."
