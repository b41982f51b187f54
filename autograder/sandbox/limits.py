"""How much one submission may use. Every figure is a cap, not an expectation."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from autograder.texts import TextError
from checks.text import Text, listed

_NO_LIMIT = Text(
    "there is no limit {name!r}; there are: {names}", "没有限制 {name!r}；现有：{names}"
)
_NO_NUMBER = Text(
    "the limit {name} is {value!r}; it has to be a positive {number}",
    "限制 {name} 的值是 {value!r}；它必须是{number}",
)
_KINDS = {float: Text("number", "正数"), int: Text("whole number", "正整数")}


class NoLimit(TextError):
    """A setting is no limit of a submission."""


@dataclass(frozen=True)
class Limits:
    """Caps for one job; times are seconds, sizes bytes.

    CPU limits decide. A wall-clock limit is `wall_factor` times the CPU limit, so that a busy
    machine is not taken for an endless loop, while a function that sleeps still ends.

    A submission is one job with its own functions and up to one more per exercise with correct
    helpers. All of them together have a :class:`Budget`, and so a class of sleepers ends too.
    Within a job every group has at least an equal share of the wall-clock time that is left, so
    a function that sleeps takes none from those after it; what is not used goes on to the next.
    Waiting for other graders, to try a wall-clock timeout again alone, counts for nothing.
    """

    cell_cpu: float = 20.0
    notebook_cpu: float = 60.0
    call_cpu: float = 5.0
    group_cpu: float = 15.0
    # All groups that share a process: what takes longer is run again in one of its own.
    together_cpu: float = 1.0
    wall_factor: float = 3.0
    # The cells of a job with all their repetitions; the whole job, calls that are tried again
    # not counted; the whole submission.
    notebook_wall: float = 90.0
    job_wall: float = 140.0
    submission_wall: float = 320.0
    submission_cpu: float = 240.0
    # Address space that a process may add to what it has when its turn begins.
    memory_bytes: int = 1 << 30
    # Resident memory of all processes of the job together.
    total_memory_bytes: int = 2 << 30
    # All captured outputs of the notebook together, and the text of a single cell.
    output_bytes: int = 8 << 20
    text_bytes: int = 64 << 10
    # What one call returns, and all calls of the job together.
    reply_bytes: int = 16 << 20
    results_bytes: int = 96 << 20
    source_bytes: int = 2 << 20
    processes: int = 48
    open_files: int = 256
    # A single file that the submission writes; its whole scratch space; what is copied into it.
    file_bytes: int = 32 << 20
    scratch_bytes: int = 64 << 20
    folder_bytes: int = 32 << 20
    folder_files: int = 300
    stub_calls: int = 20_000
    stub_bytes: int = 256 << 20
    stub_seconds: float = 10.0
    # How often a child that died is replaced before the exercises left are given up.
    restarts: int = 6
    # How often in a submission a wall-clock timeout (not a CPU one) is tried again.
    wall_retries: int = 2
    # How often an end by a signal that no limit explains is: an administrator, a kernel out of
    # memory. Code that sends itself one gains nothing but a second end.
    kill_retries: int = 8


def limits_of(settings: Mapping[str, object]) -> Limits | None:
    """Return the limits with those that `settings` change, by name; None where it changes none.

    Raises NoLimit, in one line, where there is no such limit, or its value is not a positive
    number, whole where the limit is.
    """
    kinds = {each.name: type(each.default) for each in fields(Limits)}
    for name, value in settings.items():
        if name not in kinds:
            raise NoLimit(_NO_LIMIT.format(name=name, names=listed(kinds)))
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        whole = kinds[name] is int and not isinstance(value, int)
        if not is_number or whole or not 0 < value < float("inf"):
            number = _KINDS[kinds[name]]
            raise NoLimit(_NO_NUMBER.format(name=name, value=value, number=number))
    return Limits(**settings) if settings else None


@dataclass
class Budget:
    """What all jobs of one submission together may still use."""

    wall: float
    cpu: float
    wall_retries: int
    kill_retries: int

    @classmethod
    def of(cls, limits: Limits) -> "Budget":
        """Return what a submission begins with."""
        return cls(
            limits.submission_wall,
            limits.submission_cpu,
            limits.wall_retries,
            limits.kill_retries,
        )

    def spend(self, wall: float, cpu: float) -> None:
        """Take off what a job has used."""
        self.wall = max(0.0, self.wall - wall)
        self.cpu = max(0.0, self.cpu - cpu)
