"""The class report's plots, drawn as SVG."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from autograder.pages.templating import points

BINS = 10


def histogram(counts: Sequence[int], most: float, texts: Mapping[str, str]) -> Markup:
    """Draw how many students scored how much: a bar for each of BINS equal parts of all points."""
    edges = [points(most * i / BINS) for i in range(BINS + 1)]
    comma, colon = texts["comma"], texts["colon"]
    described = comma.join(f"{edges[i]}–{edges[i + 1]}{colon}{n}" for i, n in enumerate(counts))
    width, height, step = 620, 190, 58
    tallest = max(*counts, 1)
    parts = [_title(texts["histogram"].format(bins=described))]
    for i, count in enumerate(counts):
        bar = 140 * count / tallest
        x = 20 + i * step
        if count:
            parts.append(
                f'<rect class="bar" x="{x + 3}" y="{160 - bar:.1f}" width="{step - 6}" '
                f'height="{bar:.1f}" rx="3"/>'
                f'<text x="{x + step / 2}" y="{154 - bar:.1f}" text-anchor="middle">{count}</text>'
            )
        parts.append(f'<text class="soft" x="{x}" y="178" text-anchor="middle">{edges[i]}</text>')
    parts.append(
        f'<text class="soft" x="{20 + BINS * step}" y="178" text-anchor="middle">{edges[-1]}</text>'
        f'<line class="axis" x1="20" y1="160.5" x2="{20 + BINS * step}" y2="160.5"/>'
    )
    return _svg(width, height + 4, parts)


def heat_map(
    tones: Mapping[str, Sequence[str]],
    students: int,
    means: Mapping[str, float],
    texts: Mapping[str, str],
) -> Markup:
    """Draw a row per exercise, with a column for each of its tones; equal neighbours are joined."""
    left, row, width = 190, 24, 1000
    percent = texts["percent"]
    shares = (f"{name} {percent.format(number=mean)}" for name, mean in means.items())
    told = texts["comma"].join(shares)
    parts = [_title(texts["heat_alt"].format(students=students, exercises=len(means), means=told))]
    for i, (name, own) in enumerate(tones.items()):
        y = i * row
        column = (width - left) / max(len(own), 1)
        gap = 1 if column > 4 else 0
        parts.append(f'<text x="0" y="{y + 16}">{escape(name)}</text>')
        start = 0
        for end in range(1, len(own) + 1):
            if end == len(own) or gap or own[end] != own[start]:
                x, w = left + start * column, (end - start) * column - gap
                parts.append(
                    f'<rect class="{own[start]}" x="{x:.1f}" y="{y + 1}" width="{w:.1f}" '
                    f'height="{row - 2}"/>'
                )
                start = end
    return _svg(width, row * max(len(means), 1), parts)


def legend(texts: Mapping[str, str]) -> list[dict[str, str]]:
    """Return what the colours of the heat map mean."""
    pairs = (("none", "absent"), ("h0", "zero"), ("h3", "some"), ("h5", "all"))
    return [{"tone": tone, "label": texts[key]} for tone, key in pairs]


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _svg(width: int, height: int, parts: Sequence[str]) -> Markup:
    return Markup(f'<svg role="img" viewBox="0 0 {width} {height}">{"".join(parts)}</svg>')
