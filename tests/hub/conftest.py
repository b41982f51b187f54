"""A JupyterHub on loopback, an instructor and two students with accounts of their own."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.alone import alone
from tests.hub.accounts import Account, accounts
from tests.hub.installed import ROOT, hub_python, proxy

NAME = "cnn_step_by_step"
COURSE = "cnn_course"


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    code: int
    text: str

    def json(self) -> Any:
        """The answer's content; it was no refusal."""
        assert self.code < 300, (self.code, self.text[-2000:])
        return json.loads(self.text)


@dataclass(frozen=True)
class Student:
    """A student, who acts in a browser: by what it asks of the student's own Jupyter server."""

    account: Account
    address: str
    token: str

    def ask(self, path: str, method: str = "GET", content: Any = None, **query: str) -> Answer:
        """Ask the student's own server."""
        asked = f"{self.address}{urllib.parse.quote(path)}" + (
            f"?{urllib.parse.urlencode(query)}" if query else ""
        )
        return request(asked, self.token, method, content)

    def act(self, what: str) -> list[dict[str, Any]]:
        """Press a button of nbgrader's list of assignments; returns the list that it shows then."""
        names = {"course_id": COURSE, "assignment_id": NAME}
        shown = self.ask(f"/assignments/{what}", "POST", names).json()
        assert shown["success"], shown["value"]
        return shown["value"]

    def submissions(self) -> list[dict[str, Any]]:
        """What the list shows as handed in."""
        shown = self.ask("/assignments", course_id=COURSE).json()
        assert shown["success"], shown["value"]
        return [
            submission
            for assignment in shown["value"]
            if assignment["status"] == "submitted"
            for submission in assignment["submissions"]
        ]

    def edit(self, **functions: str) -> None:
        """Write functions into the notebook, as JupyterLab saves it."""
        path = f"/api/contents/{NAME}/{NAME}.ipynb"
        notebook = self.ask(path).json()["content"]
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = functions.get(grade_id, cell["source"])
        saved = {"type": "notebook", "format": "json", "content": notebook}
        self.ask(path, "PUT", saved).json()


@dataclass
class Class:
    """An instructor with the course, and the students, each in a server of their own."""

    instructor: Account
    python: Path
    course: Path
    exchange: Path
    students: dict[str, Student]
    watched: list[str] = field(default_factory=list)
    """What `autograder watch` has printed."""

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command of the instructor's in the course."""
        path = f"{self.python.parent}{os.pathsep}{os.environ['PATH']}"
        return self.instructor.start(self.python, "-m", *words, cwd=self.course, PATH=path)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the instructor's in the course."""
        process = self.start(*words)
        printed, _ = process.communicate(timeout=300)
        return subprocess.CompletedProcess(words, process.returncode, printed)


def request(address: str, token: str, method: str = "GET", content: Any = None) -> Answer:
    """Ask a server with a token."""
    asked = urllib.request.Request(
        address,
        method=method,
        data=None if content is None else json.dumps(content).encode(),
        headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
    )
    try:
        with closing(urllib.request.urlopen(asked, timeout=300)) as found:
            return Answer(found.status, found.read().decode("utf-8"))
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode("utf-8", "replace"))


def wait_for(what: str, happens: Callable[[], Any], seconds: float = 180) -> Any:
    """Return what becomes true within so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := happens():
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {seconds:.0f} s")


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody uses."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture(scope="module")
def places() -> Iterator[Path]:
    """A folder that all accounts may enter, as pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="hub-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def people(places: Path) -> Iterator[list[Account]]:
    """An instructor and two students."""
    with accounts(places, "instructor", "ada", "bob") as made:
        yield made


@pytest.fixture(scope="module")
def python(people: list[Account]) -> Path:
    """The Python of the environment that all servers and the instructor use."""
    with alone(ROOT / ".cache" / "hub"):
        return hub_python(people[0])


@pytest.fixture(scope="module")
def exchange(places: Path) -> Path:
    """The exchange as the instructors' page says: everybody writes, nobody renames another's."""
    exchange = places / "exchange"
    exchange.mkdir()
    exchange.chmod(0o1777)
    return exchange


@pytest.fixture(scope="module")
def hub(
    places: Path, people: list[Account], python: Path, exchange: Path
) -> Iterator[tuple[str, str]]:
    """A hub's address, and a token of a service that may start servers."""
    folder = places / "hub"
    with alone(ROOT / ".cache" / "hub"):
        program = proxy()
    for_students = places / "config_of_students"
    for_students.mkdir()
    (for_students / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.Exchange.root = "{exchange}"\n', "utf-8"
    )
    folder.mkdir(mode=0o700)
    port, hub_port, proxy_port = free_ports(3)
    token = secrets.token_hex(16)
    settings = {
        "port": port,
        "hub_port": hub_port,
        "proxy_port": proxy_port,
        "proxy": str(program),
        "server": str(python.with_name("jupyterhub-singleuser")),
        "users": [student.name for student in people[1:]],
        "token": token,
        "config_of_students": str(for_students),
    }
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            [python, "-m", "jupyterhub", "-f", Path(__file__).with_name("jupyterhub_config.py")],
            cwd=folder,
            env={"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
            | {"HUB_OF_TEST": json.dumps(settings)},
            stdout=log,
            stderr=log,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for("the hub answers", lambda: process.poll() is not None or _answers(address))
        assert process.poll() is None, (folder / "log").read_text()
        yield address, token
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        return request(f"{address}/hub/api/", "").code == 200
    except OSError:
        return False


def at_work(address: str, token: str, account: Account) -> Student:
    """Start a student's server, and give the student a token as the browser has one."""
    user = f"{address}/hub/api/users/{account.name}"
    request(user, token, "POST")
    own = request(f"{user}/tokens", token, "POST", {}).json()["token"]
    started = request(f"{user}/server", own, "POST")
    assert started.code in (201, 202), started
    student = Student(account, f"{address}/user/{account.name}", own)
    wait_for(
        f"{account.name}'s server", lambda: student.ask("/api/status").code == 200, seconds=240
    )
    return student


@pytest.fixture(scope="module")
def course(people: list[Account], exchange: Path) -> Path:
    """The repository's files in the instructor's home, with the exchange in its settings."""
    instructor = people[0]
    folder = instructor.home / "course"
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("the course is copied as git lists it, and this is no clone")
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith(("tests/", "benchmarks/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    with open(folder / "nbgrader_config.py", "a", encoding="utf-8") as config:
        config.write(f'\nc.Exchange.root = "{exchange}"\n')
    for path in (folder, *folder.rglob("*")):
        os.chown(path, instructor.number, instructor.group)
    return folder


@pytest.fixture(scope="module")
def classroom(
    hub: tuple[str, str], people: list[Account], python: Path, course: Path, exchange: Path
) -> Class:
    """The assignment is released, and the students' servers run."""
    instructor, *students = people
    made = Class(instructor, python, course, exchange, {})
    for words in (("nbgrader", "generate_assignment"), ("nbgrader", "release_assignment")):
        done = made.command(*words, NAME)
        assert done.returncode == 0, done.stdout
    for account in students:
        made.students[account.name.split("-")[0]] = at_work(*hub, account)
    return made
