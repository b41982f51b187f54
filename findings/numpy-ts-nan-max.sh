#!/usr/bin/env bash
# numpy-ts leaves NaN out of max: a gradient check accepts a gradient that is not a number.
#
# Expected: `np.max` of an array with a NaN is NaN, as in NumPy. The guide of numpy-ts says that `nanmax`
#   and its kin differ from the plain functions in that they ignore NaN "instead of propagating" it,
#   and that `maximum` propagates it; sum, mean and std do.
# What happens: max, min and ptp skip a NaN unless it is the first value; then the result is NaN. argmax
#   does not find it, as NumPy's does. With the median of three it is the other way round: a NaN that
#   comes first or last is left out. Nothing warns, and sorting the data changes the result.
# Versions: numpy-ts 1.7.0 with Node 20 or later; NumPy 2.4.6 for comparison.
# Why it matters: the largest relative error is what a gradient check looks at, and NaN < 1e-6 is false,
#   so that a backward pass with 0/0 in it fails. Here it passes, with the error of the other entries.
#   The highest loss and the predicted class hide a network that has diverged.
# What to do: ask `np.any(np.isnan(error))` before any of them (shown below).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet numpy==2.4.6
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund numpy-ts@1.7.0
node --version
npm ls numpy-ts | grep numpy-ts

cat > check.py <<'PY'
import json

import numpy as np


def plain(value):
    return "NaN" if np.isnan(value) else float(value)


results = {}
analytic = np.array([[0.5, -2.0], [np.nan, 1.0]])
numeric = np.array([[0.5, -2.0], [0.25, 1.0]])
size = np.maximum(np.add(np.abs(analytic), np.abs(numeric)), 1e-8)
error = np.divide(np.abs(np.subtract(analytic, numeric)), size)
results["largest error"] = plain(np.max(error))
results["mean error"] = plain(np.mean(error))
results["the check passes"] = bool(np.max(error) < 1e-6)
results["isnan finds it"] = bool(np.any(np.isnan(error)))
for place, values in {"first": [np.nan, 2, 3], "middle": [2, np.nan, 3], "last": [2, 3, np.nan]}.items():
    array = np.array(values)
    for name in ("max", "min", "ptp", "argmax", "median", "mean"):
        results[f"{name}, NaN {place}"] = plain(getattr(np, name)(array))
print(json.dumps(results))
PY
cat > check.mjs <<'JS'
import * as np from "numpy-ts";

const plain = (value) => (Number.isNaN(value) ? "NaN" : Number(value));
const results = {};
const analytic = np.array([[0.5, -2.0], [NaN, 1.0]]);
const numeric = np.array([[0.5, -2.0], [0.25, 1.0]]);
const size = np.maximum(np.add(np.abs(analytic), np.abs(numeric)), 1e-8);
const error = np.divide(np.abs(np.subtract(analytic, numeric)), size);
results["largest error"] = plain(np.max(error));
results["mean error"] = plain(np.mean(error));
results["the check passes"] = np.max(error) < 1e-6;
results["isnan finds it"] = Boolean(np.any(np.isnan(error)));
const places = { first: [NaN, 2, 3], middle: [2, NaN, 3], last: [2, 3, NaN] };
for (const [place, values] of Object.entries(places)) {
  const array = np.array(values);
  for (const name of ["max", "min", "ptp", "argmax", "median", "mean"])
    results[`${name}, NaN ${place}`] = plain(np[name](array));
}
console.log(JSON.stringify(results));
JS
venv/bin/python check.py > numpy.json
node check.mjs > numpy-ts.json
cat > compare.py <<'PY'
import json

numpy, ported = (json.load(open(f"{name}.json")) for name in ("numpy", "numpy-ts"))
for name, value in numpy.items():
    print(f"{name:20} NumPy {value!s:6} numpy-ts {ported[name]}")
assert numpy["the check passes"] is False and ported["the check passes"] is True
assert numpy["largest error"] == "NaN" and ported["largest error"] == 0
assert numpy["mean error"] == ported["mean error"] == "NaN"
assert numpy["isnan finds it"] is ported["isnan finds it"] is True
for place in ("first", "middle", "last"):
    assert {numpy[f"{name}, NaN {place}"] for name in ("max", "min", "ptp", "median")} == {"NaN"}
    assert numpy[f"mean, NaN {place}"] == ported[f"mean, NaN {place}"] == "NaN"
assert ported["max, NaN first"] == "NaN" and ported["median, NaN first"] == 2
assert ported["max, NaN middle"] == 3 and ported["median, NaN middle"] == "NaN"
assert ported["max, NaN last"] == 3 and ported["argmax, NaN last"] == 1
PY
venv/bin/python compare.py
echo "Reproduced: the gradient check passes with a gradient that is not a number."
