"""CPU time in the child: what was used, and alarms that end what takes too much."""

import contextlib
import resource
import signal
from typing import Any


def cpu_seconds() -> float:
    """Return the CPU time that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class OutOfTime(KeyboardInterrupt):
    """Raised in a cell or function whose CPU time is used up, to let it end by itself."""


class Clock:
    """CPU-time alarms: first an exception, a little later the default action, which kills."""

    def __init__(self) -> None:
        self.rang = False
        self._armed = False

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Any:
        """Let the body use this much CPU time."""
        self.rang = False
        signal.signal(signal.SIGVTALRM, self._ring)
        # Process 1 of a namespace is immune to default actions: there the keeper kills.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        self._armed = True
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 1.0)
        signal.setitimer(signal.ITIMER_PROF, seconds * 1.2 + 0.3)
        try:
            yield
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _ring(self, *_: Any) -> None:
        self.rang = True
        if self._armed:
            raise OutOfTime("CPU time is used up")
