#!/usr/bin/env bash
# marimo's caches take W.T for W, and an array of int8 for one of uint8.
#
# Expected: a function under `mo.cache` or `mo.persistent_cache` runs for arguments that it has not seen.
#   marimo's documentation says that of arrays the values are hashed.
# What happens: of an array only its bytes in memory and its first length reach the key. The type and
#   the other lengths do not, and an array in Fortran order is transposed first. So a square W and W.T
#   are one argument, as are a batch as (n, h, w, c) and the same bytes as (n, c, h, w), zeros of
#   float64 and of int64, and pixels as int8 and as uint8. The second call gets what the first one
#   returned, in the first one's shape, without a word.
# Versions: marimo 0.25.2, NumPy 2.4.6.
# Why it matters: the cache on the disk outlives the mistake. Who corrects the type or the shape of the
#   data in an earlier cell, and runs the notebook again, sees the old mean, loss or accuracy below the
#   corrected code. A check that compares f(W) with f(W.T) compares one result with itself.
# What to do: pass `(x.tobytes(), x.shape, x.dtype.str)` as a further argument (shown below), and delete
#   `__marimo__/cache` before a notebook is handed in or graded.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet marimo==0.25.2 numpy==2.4.6
venv/bin/pip list 2>/dev/null | grep -E '^(marimo|numpy) '

cat > memory.py <<'PY'
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import numpy as np

    W = np.arange(9.0).reshape(3, 3)
    batch = np.arange(96.0).reshape(2, 4, 4, 3)
    return W, batch, mo, np


@app.cell
def _(mo):
    @mo.cache
    def cached(x):
        return x.shape, x.dtype.str, x.sum(axis=-1).ravel()[:3].tolist()

    @mo.cache
    def careful(x, key):
        return x.shape, x.dtype.str, x.sum(axis=-1).ravel()[:3].tolist()

    return cached, careful


@app.cell
def _(W, batch, cached, careful, np):
    pairs = {
        "W, W.T": (W, W.T),
        "channels last, first": (batch, batch.reshape(2, 3, 4, 4)),
        "zeros, zeros of int": (np.zeros((2, 5)), np.zeros((2, 5), int)),
        "W, W + 1": (W, W + 1),
        "a row, a column": (np.ones((1, 3)), np.ones((3, 1))),
    }
    stale = []
    for title, (first, second) in pairs.items():
        direct = second.shape, second.dtype.str, second.sum(axis=-1).ravel()[:3].tolist()
        seen, again = cached(first), cached(second)
        careful(first, (first.tobytes(), first.shape, first.dtype.str))
        assert careful(second, (second.tobytes(), second.shape, second.dtype.str)) == direct
        stale += [title] * (again != direct)
        assert again in (direct, seen)
        print(f"{title:21} computed {direct}")
        print(f"{'':21} cached   {again}{'' if again == direct else '  <- of the first'}")
    assert stale == ["W, W.T", "channels last, first", "zeros, zeros of int"], stale
    return


if __name__ == "__main__":
    app.run()
PY
venv/bin/python memory.py

cat > pictures.py <<'PY'
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import numpy as np

    pixels = bytes(range(96, 224)) * 2
    return mo, np, pixels


@app.cell
def _(np, pixels):
    images = np.frombuffer(pixels, dtype=np.int8).reshape(4, 8, 8)
    return (images,)


@app.cell
def _(images, mo):
    with mo.persistent_cache("brightness"):
        brightness = float(images.mean())
    return (brightness,)


@app.cell
def _(brightness, images):
    print(f"{images.dtype.name:5} {images.shape}: cached {brightness}, computed {images.mean()}")
    return


if __name__ == "__main__":
    app.run()
PY
echo "--- the mean brightness of four pictures, before and after the type is corrected"
venv/bin/python pictures.py | tee runs
sed -i 's/np\.int8/np.uint8/' pictures.py
venv/bin/python pictures.py | tee -a runs
rm -r __marimo__/cache
venv/bin/python pictures.py | tee -a runs
diff runs - <<'TEXT'
int8  (4, 8, 8): cached -32.5, computed -32.5
uint8 (4, 8, 8): cached -32.5, computed 159.5
uint8 (4, 8, 8): cached 159.5, computed 159.5
TEXT
echo "Reproduced: the cache answers for W.T with W's result, and for uint8 with the mean of int8."
