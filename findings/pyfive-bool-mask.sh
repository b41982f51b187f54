#!/usr/bin/env bash
# A mask written by h5py comes back from pyfive as 0 and 1, and then selects other pixels.
#
# Expected: `file["mask"][:]` has the type bool where the array that was written had it, as with h5py,
#   whose interface pyfive follows.
# What happens: HDF5 has no boolean type, so h5py stores an enumeration of FALSE and TRUE, and makes
#   it bool again. pyfive reads its numbers, as it documents for enumerations, without an exception
#   for that one: int8. `mask.sum()` and `np.where(mask, ...)` agree, but NumPy takes an int8 index
#   for a list of positions: `dx[mask] = 0` clears pixels 0 and 1, wherever the mask is set, and `~mask`
#   is -1 and -2. Neither warns.
# Versions: pyfive 1.3.0, h5py 3.16.0, NumPy 2.4.6. Julia's reader has it too: JuliaIO/HDF5.jl#826.
# Why it matters: pyfive is pure Python, so it is what reads an .h5 file in the browser (JupyterLite).
#   The mask of a ReLU, of dropout or of the labelled images gives other gradients there than in the
#   notebook on a laptop, in an array of the expected shape.
# What to do: `.astype(bool)` on every mask that is read (`pyfive.check_enum_dtype` tells which), or
#   store masks as uint8 and cast in both worlds.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pyfive==1.3.0 h5py==3.16.0 numpy==2.4.6

cat > mask.py <<'PY'
import warnings
from importlib.metadata import version

import h5py
import numpy as np
import pyfive

warnings.simplefilter("error")
print(*(f"{name} {version(name)}" for name in ("pyfive", "h5py", "numpy")))
x = np.array([3.0, 1.0, -2.0, 4.0, -5.0])
with h5py.File("relu.h5", "w") as file:
    file["negative"] = x < 0
    file["dout"] = np.ones(5)

results = {}
for reader in (h5py, pyfive):
    with reader.File("relu.h5") as file:
        negative, dx = file["negative"][:], file["dout"][:]
    kept = dx.copy()
    dx[negative] = 0
    kept[~negative] = 7
    cast = np.ones(5)
    cast[negative.astype(bool)] = 0
    results[reader.__name__] = dx.tolist(), kept.tolist(), cast.tolist(), int(negative.sum())
    print(f"{reader.__name__:7} {negative.dtype!s:5} {negative}, {negative.sum()} set")
    print(f"        dx[negative] = 0    {dx}")
    print(f"        dx[~negative] = 7   {kept}")
    print(f"        after astype(bool)  {cast}")
gradient = [1, 1, 0, 1, 0]
assert results["h5py"] == (gradient, [7, 7, 1, 7, 1], gradient, 2)
assert results["pyfive"] == ([0, 0, 1, 1, 1], [1, 1, 1, 7, 7], gradient, 2)
PY
venv/bin/python mask.py
echo "Reproduced: the gradient is cleared at positions 0 and 1 instead of where x is negative."
