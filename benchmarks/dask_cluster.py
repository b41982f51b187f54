"""A dask cluster of our own with TLS on loopback: a scheduler and workers, each a process."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 60.0
PREFIX = "DASK_DISTRIBUTED__COMM__TLS__"


def why_not() -> str:
    """Say what is missing for a cluster here; empty where nothing is."""
    try:
        import distributed  # noqa: F401
    except ModuleNotFoundError:
        return "dask is not installed (pip install 'distributed>=2024.1')"
    return "" if shutil.which("openssl") else "openssl, which makes the certificates, is missing"


@dataclass
class Cluster:
    """A scheduler and its workers; `environment` names the certificates, as dask's settings do."""

    folder: Path
    address: str
    environment: dict[str, str]
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self) -> None:
        """Start a worker with one thread."""
        options = [
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--dashboard-address",
            "127.0.0.1:0",
        ]
        name = f"worker-{len(self.workers)}"
        options += ["--local-directory", str(self.folder / name), "--name", name]
        self.workers.append(_start(self.folder, name, self.environment, self.address, *options))

    def logs(self) -> str:
        """Return what all of them have said."""
        return "\n".join(path.read_text("utf-8") for path in self.folder.glob("*.log"))


@contextlib.contextmanager
def cluster(workers: int = 2) -> Iterator[Cluster]:
    """Run a cluster with nothing to do, that only those with its certificate can talk to."""
    folder = Path(tempfile.mkdtemp(prefix="dask-"))
    environment = _certificate(folder)
    options = ["--host", "tls://127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"]
    options += ["--scheduler-file", str(folder / "scheduler.json")]
    scheduler = _start(folder, "scheduler", environment, *options)
    found = Cluster(folder, "", environment, scheduler)
    try:
        found.address = _address(folder, scheduler)
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        for process in [*found.workers, scheduler]:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _start(
    folder: Path, name: str, environment: dict[str, str], *arguments: str
) -> subprocess.Popen[bytes]:
    kind = name.partition("-")[0]
    command = [sys.executable, "-m", "distributed.cli.dask_" + kind, *arguments]
    with open(folder / f"{name}.log", "wb") as log:
        return subprocess.Popen(
            command, cwd=folder, env=os.environ | environment, stdout=log, stderr=log
        )


def _certificate(folder: Path) -> dict[str, str]:
    """Make a key and a certificate that is its own authority; return dask's settings for them."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=autograder",
    ]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    key.chmod(0o600)
    settings = {"CA_FILE": certificate}
    for role in ("CLIENT", "SCHEDULER", "WORKER"):
        settings |= {f"{role}__CERT": certificate, f"{role}__KEY": key}
    return {f"{PREFIX}{name}": str(path) for name, path in settings.items()} | {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"
    }


def _address(folder: Path, scheduler: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return str(json.loads((folder / "scheduler.json").read_text("utf-8"))["address"])
        except (FileNotFoundError, ValueError):
            if scheduler.poll() is not None or time.monotonic() > deadline:
                log = (folder / "scheduler.log").read_text("utf-8")
                raise RuntimeError(f"dask's scheduler did not start: {log[-2000:]}") from None
            time.sleep(0.1)
