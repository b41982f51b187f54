"""What can be wrong with an index, a slice or an axis, by the kind of its repair."""

from autograder.pages.kind import BY_HAND, SHAPES, Kind
from checks.text import Text

INDEX_KINDS = {
    "index": Kind(
        Text(
            "In `{code}` the index `{part}` of `{of}` picks the wrong place.",
            "在 `{code}` 中，`{of}` 的下标 `{part}` 取错了位置。",
        ),
        Text(
            "What does each axis of this array count, and which variable runs along it?",
            "这个数组的每个轴表示什么？沿着它变化的是哪个变量？",
        ),
    ),
    "slice_bounds": Kind(
        Text(
            "In `{code}` the slice `{part}` of `{of}` does not begin or end where it should.",
            "在 `{code}` 中，`{of}` 的切片 `{part}` 起点或终点不对。",
        ),
        BY_HAND,
    ),
    "slice_step": Kind(
        Text(
            "In `{code}` the slice `{part}` of `{of}` does not make the right steps.",
            "在 `{code}` 中，`{of}` 的切片 `{part}` 每次跳过的间隔不对。",
        ),
        Text(
            "How far apart are the numbers that this slice should take?",
            "这个切片要取的元素之间相隔多远？",
        ),
    ),
    "fixed_index": Kind(
        Text(
            "In `{code}` the index `{part}` of `{of}` is a fixed number, where a variable belongs.",
            "在 `{code}` 中，`{of}` 的下标 `{part}` 是固定的数，而这里该用变量。",
        ),
        Text("Which variable counts along this axis?", "哪个变量沿着这个轴变化？"),
    ),
    "whole_axis": Kind(
        Text(
            "In `{code}` a whole axis of `{of}` is taken (`{part}`), where one place belongs.",
            "在 `{code}` 中，`{of}` 的一整个轴都被取了出来（`{part}`），而这里只该取一个位置。",
        ),
        Text(
            "Which variable of your loops counts along this axis?", "哪个循环变量沿着这个轴变化？"
        ),
    ),
    "one_place": Kind(
        Text(
            "In `{code}` the index `{part}` takes one place of `{of}`, where a range belongs.",
            "在 `{code}` 中，下标 `{part}` 只取了 `{of}` 的一个位置，而这里该取一段。",
        ),
        SHAPES,
    ),
    "axis": Kind(
        Text(
            "In `{code}` `{part}` is the length of the wrong axis.",
            "在 `{code}` 中，`{part}` 取的是另一个轴的长度。",
        ),
        Text("What does each axis of this array count?", "这个数组的每个轴各表示什么？"),
    ),
    "index_missing": Kind(
        Text(
            "In `{code}` all of `{part}` is used, but only a part of it is needed: an index is "
            "missing.",
            "在 `{code}` 中用了整个 `{part}`，而只需要其中一部分：缺少下标。",
        ),
        SHAPES,
    ),
    "index_too_much": Kind(
        Text(
            "In `{code}` only the part `{part}` is used, but all of `{of}` is needed.",
            "在 `{code}` 中只用了 `{part}`，而需要的是整个 `{of}`。",
        ),
        SHAPES,
    ),
}
