"""The curve of ``benchmarks scale``: CPU time of each submission, and memory, over the class."""

from collections.abc import Mapping, Sequence
from pathlib import Path

BLUE, ORANGE, INK = "#1f5f99", "#b35900", "#23262b"


def draw(found: Sequence[Mapping[str, float]], path: Path) -> None:
    """Draw what `scale` has found as a PNG: two plots side by side, sizes on a log scale."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot
    from matplotlib.ticker import FixedLocator, NullLocator

    sizes = [one["size"] for one in found]
    style = {"font.size": 11, "text.color": INK, "savefig.dpi": 120}
    with matplotlib.rc_context(style):
        figure, (time, memory) = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
        cpu = [one["cpu"] / one["size"] for one in found]
        time.plot(sizes, cpu, "o-", color=BLUE)
        for size, seconds in zip(sizes, cpu, strict=True):
            time.annotate(f"{seconds:.2f}", (size, seconds), (0, 8), textcoords="offset points")
        time.set(title="CPU seconds for each submission", ylim=(0, 1.25 * max(cpu)))
        for key, colour, label in (("parent", ORANGE, "parent"), ("worker", BLUE, "a worker")):
            memory.plot(sizes, [one[key] for one in found], "o-", color=colour, label=label)
        memory.set(title="memory, MiB", ylim=(0, 1.3 * max(one["parent"] for one in found)))
        memory.legend(frameon=False, loc="lower right")
        for plot in (time, memory):
            plot.set(xscale="log", xlabel="submissions")
            plot.xaxis.set_major_locator(FixedLocator(sizes))
            plot.xaxis.set_minor_locator(NullLocator())
            plot.xaxis.set_major_formatter("{x:,.0f}")
            plot.spines[["top", "right"]].set_visible(False)
            plot.grid(axis="y", alpha=0.3)
        figure.savefig(path, metadata={"Software": None})
        pyplot.close(figure)
