"""Do the benchmarks run, and do they compare the same work on both sides?"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from autograder.course import Course
from autograder.status import Status
from benchmarks import (
    bench_class,
    bench_gradebook,
    bench_naming,
    bench_scale,
    bench_stream,
    bench_watch,
    floor,
    generated,
    measure,
    picture,
    profile,
    stress,
    system_calls,
)
from benchmarks.__main__ import main
from benchmarks.class_folder import ASSIGNMENT, engine_course, handed_in, stock_course


def test_the_class_is_the_same_every_time() -> None:
    """Are the first submissions of a larger class those of a smaller one, all of them different?"""
    small, large = handed_in(4), handed_in(40)
    assert large[:4] == small
    assert len({one.content for one in large}) > 30
    assert sum(one.right for one in large) == 20


def test_both_sides_get_the_same_files(tmp_path: Path) -> None:
    """Do nbgrader as it ships and this engine receive the same notebooks?"""
    submissions = handed_in(2)
    engine_course(tmp_path / "engine", submissions)
    stock_course(tmp_path / "stock", submissions)
    for one in submissions:
        name = f"submitted/{one.student}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
        ours, theirs = tmp_path / "engine" / "build" / name, tmp_path / "stock" / name
        assert ours.read_bytes() == theirs.read_bytes() == one.content


def test_leaving_out_demo_cells_keeps_what_is_graded(tmp_path: Path) -> None:
    """Does a stock course without demo cells still hold every function and every check?"""
    (one,) = handed_in(1)
    stock_course(tmp_path, [one], demo=False)
    path = tmp_path / "submitted" / one.student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    kept, all_cells = json.loads(path.read_bytes())["cells"], json.loads(one.content)["cells"]

    def graded(cells: list[dict]) -> list[str]:
        marks = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
        return [mark for mark in marks if mark]

    assert graded(kept) == graded(all_cells)
    assert len(graded(kept)) == 16
    assert len(kept) < len(all_cells)


def test_cpu_time_of_grandchildren_is_counted(tmp_path: Path) -> None:
    """Does the measured CPU time hold that of a process two levels down?"""
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    usage = measure.run([sys.executable, "-c", program], tmp_path, tmp_path / "log")
    assert usage.cpu >= 0.5


def test_a_failed_program_is_no_figure(tmp_path: Path) -> None:
    """Does a program that fails stop the benchmark, with its last words?"""
    with pytest.raises(measure.ProgramFailed, match="broken here"):
        measure.run(
            [sys.executable, "-c", "raise SystemExit('broken here')"], tmp_path, tmp_path / "log"
        )


def test_floor_runs_functions_but_no_checks(tmp_path: Path) -> None:
    """Is the floor made of the cells that are run for grading?"""
    (one,) = handed_in(1)
    path = tmp_path / "one.ipynb"
    path.write_bytes(one.content)
    text = "\n".join(floor.cells_of(path))
    assert "def conv_forward" in text
    assert "check(zero_pad)" not in text


@pytest.mark.slow
@pytest.mark.again
def test_class_benchmark_prints_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    """Are two submissions graded on both sides, with ratios and the parts of the CPU time?"""
    assert main(["class", "--submissions", "2"]) == 0
    output = capsys.readouterr().out
    for name in (bench_class.STOCK, bench_class.STOCK_LESS):
        assert re.search(
            rf"ratio to {name}: .* [\d.]+ times less CPU, [\d.]+ times the thr", output
        )
    for line in (bench_class.ONE, bench_class.TWO, "feedback page", "a verdict over both floors"):
        assert line in output
    # One of the two is correct, and gets full marks from either side: both did run it.
    rows = [line for line in output.splitlines() if line.startswith(("stock", "this engine"))]
    assert [line.split()[-3] for line in rows] == ["1"] * 4


@pytest.mark.slow
def test_scale_benchmark_prints_a_row_per_size(tmp_path: Path) -> None:
    """Is each size graded, with time, the parent's memory and the pages' share?"""
    for figures in bench_scale.grow(tmp_path, sizes=(1, 2), jobs=1):
        assert figures["cpu"] > 0
        assert figures["parent"] > 0
        assert figures["write_feedback"] > 0


@pytest.mark.slow
def test_profile_tells_steps_and_processes(capsys: pytest.CaptureFixture[str]) -> None:
    """Does the profile say of right and of wrong submissions what each step takes, and where?"""
    assert main(["profile", "--submissions", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    heads = [number for number, line in enumerate(lines) if line.endswith("sum")]
    kinds = [lines[number][:32].strip() for number in heads]
    assert kinds == ["every function correct", "one function wrong"]
    for head in heads:
        rows = lines[head + 1 : head + 3 + len(profile.STEPS)]
        told = {row[:32].strip(): row[32:].split() for row in rows}
        assert set(told) == {*profile.STEPS, profile.REST, "all"}
        figures = {
            step: [float(0 if figure == "." else figure) for figure in row]
            for step, row in told.items()
        }
        parent, _, _, child, _ = figures["make the calls"]
        assert parent > 0 and child > 0 and figures["compare"][0] > 0
        *parts, total = figures["all"]
        assert sum(parts) == pytest.approx(total, abs=0.3)


def test_baseline_is_cloned_or_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    """Is the commit that is compared with cloned whole, and left out where it is not there?"""
    here = ["git", "-C", str(repository), "cat-file", "-e", bench_class.BASELINE]
    cloned = bench_class.baseline(tmp_path / "clone")
    if subprocess.run(here, capture_output=True, check=False).returncode == 0:
        assert (cloned / "benchmarks" / "engine_run.py").is_file()
    else:
        assert cloned is None
    monkeypatch.setattr(bench_class, "BASELINE", "0" * 40)
    assert bench_class.baseline(tmp_path / "nothing") is None


def test_help_says_what_can_be_measured() -> None:
    """Does `python -m benchmarks --help` name both benchmarks?"""
    command = [sys.executable, "-m", "benchmarks", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "class, scale or both" in text


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Does a misspelt benchmark end in one line that says which there are?"""
    with pytest.raises(SystemExit):
        main(["nameing"])
    assert "there is: class, scale, naming" in capsys.readouterr().err


@pytest.mark.parametrize("faults", [[], ["marks.csv: not what an undisturbed run leaves"]])
def test_stress_tells_seed_and_faults(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], faults: list[str]
) -> None:
    """Does a stress with a given seed say it, what was lost, and whether anything was?"""

    def lose(folder: Path, seconds: float, count: int, seed: int) -> stress.Outcome:
        return stress.Outcome(seed, {"killed": count}, faults)

    monkeypatch.setattr(stress, "stress", lose)
    assert main(["stress", "--seed", "7"]) == bool(faults)
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"stress with seed 7: {stress.SUBMISSIONS} killed; {len(faults)} faults"
    assert rest == faults


def test_naming_tells_seed_and_entry() -> None:
    """Can a name that depends on the numbers be repeated from what is printed?"""
    (naming, *_) = bench_naming.namings("cnn_step_by_step", [5], ["zero_pad"])
    assert naming.right
    assert str(naming) == "zero_pad/pads_channels under seed 5: named zero_pad/pads_channels"


def test_waits_are_told_by_percentile() -> None:
    """Is each percentile a wait that so many did not exceed?"""
    waits = bench_watch.Waits(tuple(number / 100 for number in range(1, 101)))
    assert str(waits) == "100 submissions: p50 0.50 s, p95 0.95 s, p99 0.99 s, longest 1.00 s"
    assert bench_watch.Waits((0.5,)).percentile(0.95) == 0.5


@pytest.mark.slow
def test_watch_benchmark_waits_for_every_page(tmp_path: Path) -> None:
    """Is each submission that arrives waited for until its page is there?"""
    begin = bench_watch.WATCHING
    waits = bench_watch.measure(tmp_path, 2, 1, "auto", interval=0.1, begin=begin)
    assert len(waits.seconds) == 2
    assert waits.seconds[0] > 0


def test_generated_verdicts_are_the_same_every_time() -> None:
    """Are drawn verdicts those of a smaller class first, each of another student, of all kinds?"""
    few, many = list(generated.verdicts(3)), list(generated.verdicts(400))
    assert many[:3] == few
    assert len({verdict.student for verdict in many}) == 400
    assert {verdict.status for verdict in many} == {Status.GRADED, Status.FAILED}
    assert len({verdict.score for verdict in many}) > 20
    assert any(verdict.needs_a_look() for verdict in many if verdict.exercises)


@pytest.mark.slow
@pytest.mark.again
def test_stream_benchmark(tmp_path: Path) -> None:
    """Are marks file and report of each size written from a stream, with everybody in them?"""
    found = bench_stream.report(tmp_path, (4, 30))
    assert [figures["size"] for figures in found] == [4, 30]
    assert all(figures[part]["peak"] > 0 for figures in found for part in bench_stream.PARTS)
    assert len((tmp_path / "30.csv").read_text("utf-8").splitlines()) == 31
    assert (tmp_path / "30.html").read_text("utf-8").count('<th scope="row"><a') >= 28


@pytest.mark.slow
@pytest.mark.again
def test_gradebook_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are the rows the same, written one by one or together, and is another row noticed?"""
    monkeypatch.setattr(bench_gradebook.postgresql, "why_not", lambda: "not here")
    one, together = bench_gradebook.report(tmp_path, 30)
    assert one["rows"] == together["rows"] == 30 * 8
    assert one["digest"] == together["digest"]
    with sqlite3.connect(tmp_path / "0.db") as database:
        database.execute("UPDATE grade SET auto_score = 3 WHERE rowid = 5")
    root = tmp_path / "SQLite-1"
    assert bench_gradebook.rows_of(Course(root)) != (240, one["digest"])


@pytest.mark.slow
@pytest.mark.again
def test_scale_in_shards(tmp_path: Path) -> None:
    """Are shards killed, run again and merged, and is that told as one class?"""
    (figures,) = bench_scale.grow(tmp_path, sizes=(4,), jobs=1, shards=2)
    assert figures["cpu"] > 0
    assert figures["write_report"] > 0


def test_picture_of_the_curve(tmp_path: Path) -> None:
    """Is the curve a picture of its size that is the same every time?"""
    found = [
        {"size": size, "cpu": 0.2 * size + 3, "parent": 120.0, "worker": 60.0}
        for size in (10, 100, 300)
    ]
    for name in ("one.png", "two.png"):
        picture.draw(found, tmp_path / name)
    drawn = (tmp_path / "one.png").read_bytes()
    assert drawn == (tmp_path / "two.png").read_bytes()
    with Image.open(tmp_path / "one.png") as image:
        assert image.size == (1080, 408)
        assert len(image.convert("RGB").getcolors(1 << 20)) > 10


STRACE = """\
10 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3
10 clone(child_stack=NULL, flags=SIGCHLD) = 11
11 getpid() = 2
11 prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, {len=497, filter=0x55}) = 0
12 read(3, "one before its parent's call has returned", 9) = 9
11 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
13 write(1, "x", 1 <unfinished ...>
11 <... clone resumed>, child_tidptr=0x7f) = 3 /* 12 in strace's PID NS */
10 vfork( <unfinished ...>
10 <... vfork resumed>) = 13
13 <... write resumed>) = 1
12 socket(AF_INET, SOCK_STREAM, 0) = -1 EPERM (Operation not permitted)
12 +++ exited with 0 +++
10 clone3({flags=0}, 88) = 12
12 socket(AF_UNIX, SOCK_STREAM, 0) = 4
"""


def test_calls_behind_a_filter_are_told_from_the_others() -> None:
    """Does a process count from when it takes the filter, its children too, a number once only?"""
    assert system_calls.Log().read(STRACE.splitlines()) == {"clone": 1, "read": 1, "socket": 1}


def test_calls_that_are_refused_stand_apart() -> None:
    """Does the table name what was called and answered otherwise, and what nobody called?"""
    found = {name: Counter({"read": 3}) for name in system_calls.CLASSES}
    found[system_calls.ATTACKS] += Counter({"ptrace": 2, "memfd_create": 1, "socket": 5})
    lines = list(system_calls.table(found))
    told = {line.split(": ")[0]: line.split()[1:-3] for line in lines[-3:]}
    assert told == {"memfd_create": ["ENOSYS"], "ptrace": ["ends", "the", "process"]} | {
        "socket": ["EPERM"]
    }
    assert [line.split()[-1] for line in lines[-3:]] == ["1", "2", "5"]
    (unseen,) = [line for line in lines if "nobody called" in line]
    assert " write," in unseen and " read," not in unseen
