"""The class report's plots, drawn as SVG."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from autograder.model import Verdict
from autograder.pages.templating import points

BINS = 10
STEPS = 5


def histogram(verdicts: Sequence[Verdict], texts: Mapping[str, str]) -> Markup:
    """Draw how many students scored how much."""
    most = verdicts[0].max_score if verdicts else 100.0
    counts = [0] * BINS
    for verdict in verdicts:
        place = int(BINS * verdict.score / most) if most else 0
        counts[min(max(place, 0), BINS - 1)] += 1
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
    verdicts: Sequence[Verdict], means: Mapping[str, float], texts: Mapping[str, str]
) -> Markup:
    """Draw a column per student and a row per exercise; equal neighbours are one rectangle."""
    left, row, width = 190, 24, 1000
    percent = texts["percent"]
    shares = (f"{name} {percent.format(number=mean)}" for name, mean in means.items())
    told = texts["comma"].join(shares)
    alt = texts["heat_alt"].format(students=len(verdicts), exercises=len(means), means=told)
    parts = [_title(alt)]
    column = (width - left) / max(len(verdicts), 1)
    gap = 1 if column > 4 else 0
    for i, name in enumerate(means):
        y = i * row
        parts.append(f'<text x="0" y="{y + 16}">{escape(name)}</text>')
        tones = [_tone(verdict, name) for verdict in verdicts]
        start = 0
        for end in range(1, len(tones) + 1):
            if end == len(tones) or gap or tones[end] != tones[start]:
                x, w = left + start * column, (end - start) * column - gap
                parts.append(
                    f'<rect class="{tones[start]}" x="{x:.1f}" y="{y + 1}" width="{w:.1f}" '
                    f'height="{row - 2}"/>'
                )
                start = end
    return _svg(width, row * max(len(means), 1), parts)


def _tone(verdict: Verdict, name: str) -> str:
    """Return the colour class of one student's exercise."""
    exercise = next((e for e in verdict.exercises if e.name == name), None)
    if exercise is None or exercise.status.is_absent:
        return "none"
    share = exercise.share
    return f"h{STEPS if share >= 1 else min(int(share * STEPS) + (share > 0), STEPS - 1)}"


def legend(texts: Mapping[str, str]) -> list[dict[str, str]]:
    """Return what the colours of the heat map mean."""
    pairs = (("none", "absent"), ("h0", "zero"), ("h3", "some"), ("h5", "all"))
    return [{"tone": tone, "label": texts[key]} for tone, key in pairs]


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _svg(width: int, height: int, parts: Sequence[str]) -> Markup:
    return Markup(f'<svg role="img" viewBox="0 0 {width} {height}">{"".join(parts)}</svg>')
