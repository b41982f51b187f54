"""``autograder grade --dask``: the shards of a class as tasks of a dask cluster, with TLS.

A task is the command line of a shard, run in the course's folder on a worker: what dask carries is
that line and its exit code. Seed, key and submissions stay in the folders that all machines share.
"""

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from autograder.course import Course, CourseError

if TYPE_CHECKING:
    from autograder.run_class import Summary

SHARDS_A_THREAD = 4
"""How many shards there are for each thread of the cluster, so that none waits long for another."""
SECONDS = 20
PATIENCE = f"{SECONDS}s"
CERTIFICATES = "ca-file, client.cert and client.key into dask's settings: distributed.comm.tls"
PROGRAM = Path(".venv", "bin", "autograder")


def run_shard(folder: str, arguments: Sequence[str]) -> tuple[int, str]:
    """Run autograder in a course folder, on a worker; return its exit code and its last line."""
    done = subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    return done.returncode, lines[-1] if lines else ""


def grade_on_dask(
    course: Course, assignment: str, address: str, jobs: int, level: str, wait: bool = False
) -> "Summary":
    """Grade a class on a dask cluster, and merge it here as soon as all shards have ended.

    A shard whose worker is lost is given to another one by dask. Raises CourseError, in one line,
    where the cluster can't be used, or a shard is missing at the end.
    """
    from autograder.grading.grade_class import progress, tasks_of
    from autograder.run_class import merge

    students = len(tasks_of(course, assignment))
    with _client(address) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise CourseError(
                f"{address}: this cluster has no worker; start some, then do it again"
            )
        count = max(1, min(students, SHARDS_A_THREAD * threads // jobs))
        options = ["--jobs", str(jobs), "--isolation", level]
        lines = [
            ["grade", assignment, "--shard", f"{number}/{count}", *options]
            for number in range(1, count + 1)
        ]
        print(f"{count} shards on {threads} threads of {address}", file=sys.stderr)
        with progress(count) as bar:
            for told in _ended(client, str(Path(course.root).resolve()), lines):
                bar.update()
                if told:
                    print(told, file=sys.stderr)
    return merge(course, assignment, wait)


def _client(address: str) -> Any:
    """Connect to a cluster's scheduler, with the certificates that dask's own settings name."""
    if not address.startswith("tls://"):
        raise CourseError(
            f"--dask {address}: it has to be a tls:// address, for without TLS whoever reaches the "
            "scheduler runs programs as you (docs/at-scale.md)"
        )
    try:
        from distributed import Client, Security
    except ModuleNotFoundError:
        raise CourseError(
            "--dask needs dask, which is not installed here; run: pip install 'distributed>=2024.1'"
        ) from None
    try:
        _shake_hands(address, Security().get_connection_args("client")["ssl_context"])
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"--dask {address}: {' '.join(str(error).split())}; see that the scheduler runs there "
            "with the certificates of dask's settings here (distributed.comm.tls)"
        ) from None


def _shake_hands(address: str, context: ssl.SSLContext | None) -> None:
    """Raise OSError, ValueError or CourseError at once where nobody listens whom we can trust.

    A client of dask tries for long, and says less.
    """
    if context is None:
        raise CourseError(f"--dask {address}: no certificate is known; put {CERTIFICATES}")
    place = urlsplit(address)
    with (
        socket.create_connection((place.hostname or "", place.port or 0), SECONDS) as connection,
        context.wrap_socket(connection),
    ):
        pass


def _ended(client: Any, folder: str, lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Run the shards; yield what there is to tell of each when it has ended, "" where nothing is.

    What it did is known by the verdicts; `merge` asks for these.
    """
    from distributed import as_completed

    shards = {client.submit(run_shard, folder, line, pure=False): line[3] for line in lines}
    for future in as_completed(shards, loop=client.loop):
        failed = future.exception()
        if failed is not None:
            yield f"shard {shards[future]}: {type(failed).__name__}: {failed}"
        else:
            code, told = future.result()
            yield f"shard {shards[future]}: {told}" if code else ""
