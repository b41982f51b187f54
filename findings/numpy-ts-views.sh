#!/usr/bin/env bash
# numpy-ts casts other numbers than a slice holds: every mini-batch, as float32, is the first one.
#
# Expected: an operation on a view gives what it gives on a copy of the view, as in NumPy, which numpy-ts
#   says it is validated against. Its guides list slices, `transpose` and the reversed slice as views,
#   and say of `astype` only that it converts the type and always copies.
# What happens: `astype` to another type reads the buffer from its beginning and knows neither where the
#   view starts nor its strides. Rows 4 to 7 become rows 0 to 3, a crop becomes a piece of the first
#   row, W.T becomes the numbers of W in another shape, and a mirrored picture is not mirrored. With an
#   array that is reversed (`slice("::-1")`, `flip`, `fliplr`), `square` is not reversed either, and `matmul`,
#   `dot` and `einsum` take other elements of it. All shapes are the expected ones, `tolist()` shows the
#   correct view, and add, multiply and tensordot are well.
# Versions: numpy-ts 1.7.0 with Node 20 or later.
# Why it matters: pictures are stored as bytes and cast batch by batch. In the browser, training then sees
#   the first batch in every step, unmirrored, and a kernel that is flipped, as a convolution wants it,
#   gives other numbers than in the notebook on a laptop.
# What to do: `.copy()` behind every slice, flip and transpose (shown below), or cast before slicing.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund numpy-ts@1.7.0
node --version
npm ls numpy-ts | grep numpy-ts

cat > views.mjs <<'JS'
import assert from "node:assert/strict";
import * as np from "numpy-ts";

const text = (array) => JSON.stringify(array.tolist());

/** Does the operation give on the view what it gives on its copy, in the same shape? */
function same(title, view, operation) {
  const own = view.copy();
  assert.deepEqual(own.tolist(), view.tolist());
  const got = operation(view);
  const expected = operation(own);
  assert.deepEqual([...got.shape], [...expected.shape]);
  const equal = text(got) === text(expected);
  const values = equal ? text(got) : `${text(got).slice(0, 44)}, its copy ${text(expected).slice(0, 44)}`;
  console.log(`${title.padEnd(27)} ${values}`);
  return equal;
}

const cast = (array) => array.astype("float32");
const images = np.arange(48).reshape(12, 4).astype("uint8");
const first = text(cast(images.slice("0:4", ":")));
for (const rows of ["4:8", "8:12"]) {
  const batch = images.slice(rows, ":");
  assert(!same(`rows ${rows}, cast`, batch, cast));
  assert.equal(text(cast(batch)), first);
}
const crop = images.slice("2:4", "2:4");
assert.equal(text(crop), "[[10,11],[14,15]]");
assert.equal(text(cast(crop)), "[[0,1],[2,3]]");
assert(!same("a crop, cast", crop, cast));
const mirrored = np.fliplr(images);
assert.equal(text(cast(mirrored)), text(cast(images)));
assert(!same("mirrored, cast", mirrored, cast));
const weights = np.arange(6).reshape(2, 3);
assert(!same("W.T, cast", weights.T, cast));
assert(same("W, cast", weights, cast));
assert(same("rows 0:4, cast", images.slice("0:4", ":"), cast));
assert(same("a crop, cast to its type", crop, (array) => array.astype("uint8")));
assert(same("a crop, plus 1", crop, (array) => np.add(array, 1)));

const flipped = np.flip(np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]]));
assert.equal(text(flipped), "[[9,8,7],[6,5,4],[3,2,1]]");
const unit = np.eye(3);
const broken = {
  square: np.square,
  matmul: (array) => np.matmul(array, unit),
  dot: (array) => np.dot(array, unit),
  einsum: (array) => np.einsum("ij,jk->ik", array, unit),
};
const well = {
  multiply: (array) => np.multiply(array, array),
  tensordot: (array) => np.tensordot(array, unit, 1),
};
for (const [name, operation] of Object.entries(broken))
  assert(!same(`a flipped kernel, ${name}`, flipped, operation));
for (const [name, operation] of Object.entries(well))
  assert(same(`a flipped kernel, ${name}`, flipped, operation));
assert(same("W.T, matmul", weights.T, (array) => np.matmul(array, weights)));
JS
node views.mjs
echo "Reproduced: rows 4 to 7 and 8 to 11 are rows 0 to 3 as float32."
