"""The options of ``autograder grade`` for a class in parts."""

import argparse
import sys
from typing import TYPE_CHECKING

from autograder.course import Course, CourseError
from autograder.sayings import NO_COMBINATION
from checks.text import Text

if TYPE_CHECKING:
    from autograder.run_class import Summary

EXIT_LOOK = 1

_GRADED = Text(
    "shard {shard}: {count} {noun} graded, {look} to be looked at",
    "分片 {shard}：评分 {count} 份提交，{look} 份需要查看",
)


def add_cluster_options(grade: argparse.ArgumentParser) -> None:
    """Add `--shard` and `--dask`."""
    grade.add_argument(
        "--shard",
        metavar="I/N",
        help="only part I of N, on any machine: writes signed verdicts, for merge to record",
    )
    grade.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="in shards on the dask cluster at tls://HOST:PORT, merged here at the end",
    )


def grade_one_shard(course: Course, options: argparse.Namespace) -> int:
    """Grade one part; that some submissions need a look is for merge to say, not for a queue."""
    _refuse_beside("--shard", options, {"--wait": options.wait, "--dask": options.dask is not None})
    from autograder.grading.shards import Shard
    from autograder.run_class import grade_part

    shard = Shard.from_text(options.shard)
    part = grade_part(course, options.assignment, shard, options.jobs, options.isolation)
    for line in part.told:
        print(line, file=sys.stderr)
    noun = "submission" if part.count == 1 else "submissions"
    done = {"shard": part.shard, "count": part.count, "noun": noun, "look": part.needs_a_look}
    print(_GRADED.format(**done).in_(course.language))
    return EXIT_LOOK if part.told else 0


def grade_on_cluster(course: Course, options: argparse.Namespace) -> "Summary":
    """Grade all parts on a dask cluster, and merge them; return what was done."""
    _refuse_beside("--dask", options, {})
    from autograder.cluster.dask_shards import grade_on_dask

    chosen = options.assignment, options.dask, options.jobs or 1, options.isolation, options.wait
    return grade_on_dask(course, *chosen)


def _refuse_beside(name: str, options: argparse.Namespace, others: dict[str, bool]) -> None:
    """Raise CourseError where an option that means nothing in parts of a class was given, too."""
    given = {"--student": options.student != "*", "--resume": options.resume}
    given |= {"--json": options.json, "--stale": options.stale} | others
    given |= {"--section": options.section is not None, "--explain": options.explain == "all"}
    for other, is_given in given.items():
        if is_given:
            raise CourseError(NO_COMBINATION.format(name=name, other=other))
