"""Small PNG pictures of arrays, made with the standard library: expected, got and difference."""

import struct
import zlib
from typing import Any

import numpy as np

PIXELS = 132
"""Target width of a picture; every cell of the array becomes a square of whole pixels."""

# Anchors of two colour maps that keep their order for colour-blind readers and in grey.
SEQUENTIAL = np.array([[0, 32, 77], [87, 93, 109], [165, 156, 116], [255, 234, 70]], float)
DIVERGING = np.array([[0, 68, 136], [120, 170, 205], [245, 245, 245], [230, 150, 90], [150, 60, 0]])


def plane(value: Any) -> np.ndarray | None:
    """Return the first image and channel of an array as a 2-D plane, None where there is none."""
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 4 and array.size:
        array = array[0, :, :, 0]
    if array.ndim != 2 or not array.size or max(array.shape) > 64:
        return None
    return array


def three_pictures(got: Any, expected: Any) -> tuple[bytes, bytes, bytes] | None:
    """Draw expected, got and difference on common scales; None where they can't be drawn.

    Arrays of different shapes are drawn without a difference (an empty picture).
    """
    wanted, seen = plane(expected), plane(got)
    if wanted is None or seen is None:
        return None
    finite = np.concatenate([wanted.ravel(), seen[np.isfinite(seen)]])
    low, high = float(finite.min()), float(finite.max())
    pictures = [_sequential(array, low, high) for array in (wanted, seen)]
    if wanted.shape != seen.shape:
        return pictures[0], pictures[1], b""
    return pictures[0], pictures[1], _diverging(np.nan_to_num(seen - wanted))


def _sequential(array: np.ndarray, low: float, high: float) -> bytes:
    span = high - low or 1.0
    return _png(_colours(np.nan_to_num((array - low) / span), SEQUENTIAL))


def _diverging(difference: np.ndarray) -> bytes:
    span = np.abs(difference).max() or 1.0
    return _png(_colours(0.5 + 0.5 * difference / span, DIVERGING))


def _colours(fractions: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    places = np.linspace(0.0, 1.0, len(anchors))
    clipped = np.clip(fractions, 0.0, 1.0)
    channels = [np.interp(clipped, places, anchors[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.uint8)


def _png(image: np.ndarray) -> bytes:
    """Encode an (n_H, n_W, 3) array of bytes; the pixels are enlarged here, not by the browser."""
    scale = max(2, min(24, PIXELS // image.shape[1]))
    image = image.repeat(scale, axis=0).repeat(scale, axis=1)
    n_H, n_W, _ = image.shape
    rows = np.concatenate([np.zeros((n_H, 1), np.uint8), image.reshape(n_H, -1)], axis=1)
    header = struct.pack(">IIBBBBB", n_W, n_H, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
