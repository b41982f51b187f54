"""What the trusted side itself may use for one submission."""

import signal
import subprocess
import sys

import numpy as np
import pytest

from autograder.grading.guard import TooMuchTime, limited_cpu, limited_memory
from autograder.grading.helpers import stub
from autograder.sandbox.usage import address_space
from checks.fingerprint import MOST_NUMBERS, imprint


def test_cpu_time_is_limited():
    """Does a step that takes for ever end in an error that names the time, whatever it catches?"""
    handler = signal.getsignal(signal.SIGPROF)

    def stubborn():
        while True:
            try:
                sum(range(1000))
            except Exception:
                continue

    with pytest.raises(TooMuchTime, match=r"more than 0\.2 s of CPU time"), limited_cpu(0.2):
        stubborn()
    assert signal.getsignal(signal.SIGPROF) is handler
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_a_quick_step_is_not_disturbed():
    """Does nothing follow from a limit that was not reached?"""
    with limited_cpu(5.0):
        total = sum(range(1000))
    assert total == 499_500


@pytest.mark.skipif(not address_space(), reason="this system does not tell an address space")
def test_memory_is_limited():
    """Does what takes too much memory fail by itself, and is the limit gone afterwards?"""
    with pytest.raises(MemoryError), limited_memory(64 << 20):
        bytearray(256 << 20)
    assert len(bytearray(256 << 20)) == 256 << 20


def test_large_results_leave_no_large_directions():
    """Is a result larger than any known one distinguished by its shape alone?"""
    large = imprint(np.ones(MOST_NUMBERS + 1))
    assert large.structure == f"({MOST_NUMBERS + 1},)"
    assert set(large.numbers) == {0.0}
    assert imprint(np.ones(MOST_NUMBERS)).numbers[0] == pytest.approx(MOST_NUMBERS**0.5)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_only_the_main_thread_is_timed():
    """Can a thread use what the main thread times, without a timer?"""
    from concurrent.futures import ThreadPoolExecutor

    def timed():
        with limited_cpu(0.01):
            return sum(range(200_000))

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(timed).result() == sum(range(200_000))


@pytest.mark.parametrize(
    "arguments",
    [
        ((np.ones((400, 1)),), np.ones(400), 0.0),
        (1.0, (np.array(400), np.array(400))),
        (np.ones((1, 1, 1, 1)), np.array(200)),
        (1.0, ((400, 1), (1, 400))),
        (np.ones((9, 1)), (np.ones((9, 1)), np.ones((400, 1)), np.ones((1, 1)))),
        (np.ones((9, 9, 1, 1)), (np.ones((9, 9)),)),
        (np.ones((2, 2)), (np.ones((2, 2)), 400)),
        (np.ones((2, 2)), (np.ones((2, 2)),) * 1000),
    ],
    ids=[
        "array in a tuple",
        "shape of arrays",
        "pad as an array",
        "nested",
        "a long matrix in a cache",
        "more axes beside a cache",
        "a number in a cache",
        "a long cache",
    ],
)
def test_sizes_in_disguise(arguments):
    """Is an argument refused that hides how much a helper would have to make of it?"""

    def helper(*_):
        raise AssertionError("called")

    with pytest.raises(ValueError, match="beyond"):
        stub(helper)(*arguments)


def test_a_cache_is_answered():
    """Is a helper asked that works with a small layer's cache, which is passed on as it is?"""
    matrices = np.ones((3, 4)), np.ones((4, 5)), np.ones((1, 5))
    assert stub(lambda dZ, cache: len(cache))(np.ones((3, 5)), matrices) == 3


ENDS = """
import multiprocessing, os, signal, sys, time
from autograder.grading import guard
if sys.argv[1] == "ignores":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
end, lifeline = multiprocessing.Pipe(duplex=False)
guard.end_with(end, lambda: print("closed", flush=True))
os.kill(os.getpid(), signal.SIGTERM)
time.sleep(1 if sys.argv[1] == "ignores" else 30)
print("lives", flush=True)
lifeline.close()
time.sleep(30)
"""


@pytest.mark.parametrize(("way", "said"), [("ends", "closed"), ("ignores", "lives closed")])
def test_sigterm_ends_who_does_not_ignore_it(way, said):
    """Does a worker end at SIGTERM, and one that ignores it with its parent's lifeline only?"""
    run = subprocess.run([sys.executable, "-c", ENDS, way], capture_output=True, text=True)
    assert (run.returncode, run.stdout.split(), run.stderr) == (1, said.split(), "")
