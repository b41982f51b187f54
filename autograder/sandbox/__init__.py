"""Runs students' code where it can harm nothing, and brings back plain data.

``with Sandbox() as sandbox: result = sandbox.run(Job(cells, groups), folder)``
"""

from .client import Sandbox
from .errors import IsolationUnavailable, SandboxError
from .fork_server import ForkServer
from .jobs import Call, CallResult, Cell, CellResult, ErrorInfo, Group, Job, JobResult
from .levels import LEVELS, choose_level, describe_level, probe
from .limits import Budget, Limits

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
    "probe",
]
