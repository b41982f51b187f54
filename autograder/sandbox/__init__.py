"""Runs students' code where it can do no harm, and brings back plain data.

``with Sandbox() as sandbox: result = sandbox.run(Job(cells, groups), folder)``
"""

from .errors import IsolationUnavailable, SandboxError
from .jobs import Call, CallResult, Cell, CellResult, ErrorInfo, Group, Job, JobResult
from .limits import Budget, Limits
from .outside.client import Sandbox
from .outside.fork_server import ForkServer
from .outside.levels import LEVELS, choose_level, describe_level, isolation_line, probe

__all__ = [
    "LEVELS",
    "Budget",
    "Call",
    "CallResult",
    "Cell",
    "CellResult",
    "ErrorInfo",
    "ForkServer",
    "Group",
    "IsolationUnavailable",
    "Job",
    "JobResult",
    "Limits",
    "Sandbox",
    "SandboxError",
    "choose_level",
    "describe_level",
    "isolation_line",
    "probe",
]
