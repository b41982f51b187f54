"""``python -m benchmarks``: how fast grading is, or how well it names mistakes."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import (
    bench_gradebook,
    bench_naming,
    bench_repair,
    bench_stream,
    bench_watch,
    bench_wrong,
    picture,
    profile,
    slurm,
    stress,
    system_calls,
)
from benchmarks.bench_class import SUBMISSIONS, compare
from benchmarks.bench_scale import SIZES, grow


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for, in a temporary folder; return the exit code."""
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description="How fast is grading, and how well are mistakes named?"
    )
    parser.add_argument(
        "which",
        nargs="*",
        help="class, scale or both (default: both), or gradebook, naming, profile, repair, slurm, "
        "stream, stress, syscalls, watch or wrong by itself",
    )
    parser.add_argument(
        "--submissions",
        type=int,
        metavar="N",
        help=f"how many both sides grade in `class` (default: {SUBMISSIONS}), or how many "
        f"`profile` (default: {profile.SUBMISSIONS}) and `slurm` (default: {slurm.SUBMISSIONS}) do",
    )
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        metavar="N",
        help=f"class sizes of `scale` (default: {' '.join(map(str, SIZES))}; up to 2000 or more) "
        f"and of `stream` (default: {' '.join(map(str, bench_stream.SIZES))})",
    )
    parser.add_argument(
        "--shards",
        type=int,
        default=0,
        metavar="N",
        help="have `scale` grade in N shards, kill each halfway, run it again, and merge",
    )
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help="draw the curve of `scale` as a PNG"
    )
    parser.add_argument(
        "--verdicts",
        type=int,
        default=bench_gradebook.VERDICTS,
        metavar="N",
        help=f"how many `gradebook` records (default: {bench_gradebook.VERDICTS})",
    )
    parser.add_argument(
        "--jobs", type=int, default=2, metavar="N", help="workers of `naming`, `scale`, `watch`"
    )
    parser.add_argument(
        "--isolation",
        default="auto",
        choices=("auto", "namespaces", "process"),
        help="see autograder",
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=bench_naming.SEEDS,
        metavar="N",
        help=f"random seeds of `naming` (default: {bench_naming.SEEDS})",
    )
    parser.add_argument(
        "--seed",
        type=int,
        nargs="+",
        metavar="SEED",
        help="these seeds, to repeat a `naming` or a `stress`",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=stress.SECONDS,
        metavar="S",
        help=f"how long `stress` disturbs {stress.SUBMISSIONS} submissions' graders "
        f"(default: {stress.SECONDS:.0f})",
    )
    parser.add_argument(
        "--samples",
        type=int,
        default=bench_repair.SAMPLES,
        metavar="N",
        help=f"submissions of each corpus in `repair` (default: {bench_repair.SAMPLES})",
    )
    parser.add_argument(
        "--unnamed",
        action="store_true",
        help="let `repair` do without the names of the mistakes, as if they were new ones",
    )
    parser.add_argument(
        "--arrivals",
        type=int,
        default=bench_watch.ARRIVALS,
        metavar="N",
        help=f"how many submissions `watch` gets, one a second (default: {bench_watch.ARRIVALS})",
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep everything in FOLDER")
    options = parser.parse_args(arguments)
    which = options.which or ["class", "scale"]
    if which == ["naming"]:
        seeds = options.seed or bench_naming.random_seeds(options.seeds)
        failures = bench_naming.table(seeds, options.jobs)
        bench_naming.pairs_table(seeds[0])
        return 1 if failures else 0
    if which == ["repair"]:
        (seed,) = options.seed or (bench_repair.SEED,)
        bench_repair.table(options.samples, seed, not options.unnamed)
        return 0
    if which == ["wrong"]:
        bench_wrong.report()
        return 0
    if which == ["profile"]:
        profile.profile(options.submissions or profile.SUBMISSIONS, level=options.isolation)
        return 0
    alone = which in (["gradebook"], ["slurm"], ["stream"], ["stress"], ["syscalls"], ["watch"])
    if not alone and (unknown := set(which) - {"class", "scale"}):
        names = "class, scale, naming, gradebook, profile, repair, slurm, stream, stress, "
        names += "syscalls, watch, wrong"
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there is: {names}")
    folder = options.keep or Path(tempfile.mkdtemp(prefix="benchmarks-"))
    try:
        if which == ["stress"]:
            (seed,) = options.seed or bench_naming.random_seeds(1)
            outcome = stress.stress(folder / "course", options.seconds, stress.SUBMISSIONS, seed)
            print(outcome)
            return 1 if outcome.faults else 0
        if which == ["gradebook"]:
            bench_gradebook.report(_made(folder), options.verdicts)
        if which == ["stream"]:
            bench_stream.report(_made(folder), options.sizes or bench_stream.SIZES)
        if which == ["slurm"]:
            if missing := slurm.why_not():
                parser.error(missing)
            (seed,) = options.seed or bench_naming.random_seeds(1)
            return 0 if slurm.report(folder, options.submissions or slurm.SUBMISSIONS, seed) else 1
        if which == ["syscalls"]:
            if missing := system_calls.why_not():
                parser.error(missing)
            return 0 if system_calls.report(_made(folder)) else 1
        if which == ["watch"]:
            bench_watch.report(folder, options.arrivals, options.jobs, options.isolation)
        if "class" in which:
            compare(folder, options.submissions or SUBMISSIONS, options.isolation)
        if len(which) > 1:
            print()
        if "scale" in which:
            sizes = options.sizes or SIZES
            found = grow(folder, sizes, options.jobs, options.isolation, options.shards)
            if options.picture:
                picture.draw(found, options.picture)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
