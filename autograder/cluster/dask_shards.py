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
from checks.text import Text

if TYPE_CHECKING:
    from autograder.run_class import Summary

SHARDS_A_THREAD = 4
"""How many shards there are for each thread of the cluster, so that none waits long for another."""
SECONDS = 20
PATIENCE = f"{SECONDS}s"
PROGRAM = Path(".venv", "bin", "autograder")

_NO_WORKER = Text(
    "{address}: this cluster has no worker; start some, then do it again",
    "{address}：这个集群没有工作进程；请先启动几个，再重新执行",
)
_BEGUN = Text(
    "{count} shards on {threads} threads of {address}",
    "{count} 个分片，在 {address} 的 {threads} 个线程上运行",
)
_NO_TLS = Text(
    "--dask {address}: it has to be a tls:// address, for without TLS whoever reaches the "
    "scheduler runs programs as you (docs/at-scale.md)",
    "--dask {address}：必须是 tls:// 地址，因为没有 TLS 时，凡是能连上调度器的人"
    "都能以你的身份运行程序（docs/at-scale.md）",
)
_NO_DASK = Text(
    "--dask needs dask, which is not installed here; run: pip install 'distributed>=2024.1'",
    "--dask 需要 dask，而这里没有安装；请运行：pip install 'distributed>=2024.1'",
)
_NO_SCHEDULER = Text(
    "--dask {address}: {said}; see that the scheduler runs there with the certificates of dask's "
    "settings here (distributed.comm.tls)",
    "--dask {address}：{said}；请检查调度器是否在那里运行，并且使用这里 dask 设置中的证书"
    "（distributed.comm.tls）",
)
_NO_CERTIFICATE = Text(
    "--dask {address}: no certificate is known; put ca-file, client.cert and client.key into "
    "dask's settings: distributed.comm.tls",
    "--dask {address}：没有设置证书；请把 ca-file、client.cert 和 client.key 写入 dask 的设置："
    "distributed.comm.tls",
)
_OF_SHARD = Text("shard {shard}: {told}", "分片 {shard}：{told}")


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
            raise CourseError(_NO_WORKER.format(address=address))
        count = max(1, min(students, SHARDS_A_THREAD * threads // jobs))
        options = ["--jobs", str(jobs), "--isolation", level]
        lines = [
            ["grade", assignment, "--shard", f"{number}/{count}", *options]
            for number in range(1, count + 1)
        ]
        begun = _BEGUN.format(count=count, threads=threads, address=address)
        print(begun.in_(course.language), file=sys.stderr)
        with progress(count, course) as bar:
            for told in _ended(client, str(Path(course.root).resolve()), lines):
                bar.update()
                if told:
                    print(told.in_(course.language), file=sys.stderr)
    return merge(course, assignment, wait)


def _client(address: str) -> Any:
    """Connect to a cluster's scheduler, with the certificates that dask's own settings name."""
    if not address.startswith("tls://"):
        raise CourseError(_NO_TLS.format(address=address))
    try:
        from distributed import Client, Security
    except ModuleNotFoundError:
        raise CourseError(_NO_DASK) from None
    try:
        _shake_hands(address, Security().get_connection_args("client")["ssl_context"])
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())
        raise CourseError(_NO_SCHEDULER.format(address=address, said=said)) from None


def _shake_hands(address: str, context: ssl.SSLContext | None) -> None:
    """Raise OSError, ValueError or CourseError at once where nobody listens whom we can trust.

    A client of dask tries for long, and says less.
    """
    if context is None:
        raise CourseError(_NO_CERTIFICATE.format(address=address))
    place = urlsplit(address)
    with (
        socket.create_connection((place.hostname or "", place.port or 0), SECONDS) as connection,
        context.wrap_socket(connection),
    ):
        pass


def _ended(client: Any, folder: str, lines: Sequence[Sequence[str]]) -> Iterator[Text | None]:
    """Run the shards; yield what there is to tell of each when it has ended, None for nothing.

    What it did is known by the verdicts; `merge` asks for these.
    """
    from distributed import as_completed

    shards = {client.submit(run_shard, folder, line, pure=False): line[3] for line in lines}
    for future in as_completed(shards, loop=client.loop):
        failed = future.exception()
        if failed is not None:
            told = f"{type(failed).__name__}: {failed}"
            yield _OF_SHARD.format(shard=shards[future], told=told)
        else:
            code, told = future.result()
            yield _OF_SHARD.format(shard=shards[future], told=told) if code else None
