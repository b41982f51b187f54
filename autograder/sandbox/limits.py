"""How much one submission may use. Every figure is a cap, not an expectation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Caps for one job; times are seconds, sizes bytes.

    CPU limits decide. A wall-clock limit is `wall_factor` times the CPU limit, so that a busy
    machine is not taken for an endless loop, while a function that sleeps still ends.
    """

    cell_cpu: float = 20.0
    notebook_cpu: float = 60.0
    call_cpu: float = 5.0
    group_cpu: float = 15.0
    wall_factor: float = 3.0
    job_wall: float = 300.0
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
    # How often a wall-clock timeout (not a CPU one) is tried again.
    wall_retries: int = 2
