"""Are the examples for a cluster whole: do they run every shard once, with the command that is?"""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from autograder.__main__ import _parser

EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "examples"


def asked(tmp_path: Path, command: list[str], **environment: str) -> list[str]:
    """Run a command beside a program that stands for autograder; return what that was asked."""
    program = tmp_path / ".venv" / "bin" / "autograder"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    program.chmod(0o755)
    found = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return found.stdout.splitlines()


@pytest.fixture(scope="module")
def job() -> dict:
    (job,) = yaml.safe_load_all((EXAMPLES / "shards.yaml").read_text("utf-8"))
    return job


def test_slurm(tmp_path):
    """Does each task of the array grade its own shard, with the cores that it was given?"""
    script = EXAMPLES / "shards.sbatch"
    text = script.read_text("utf-8")
    (count,) = re.findall(r"^#SBATCH --array=1-([0-9]+)$", text, re.MULTILINE)
    (cores,) = re.findall(r"^#SBATCH --cpus-per-task=([0-9]+)$", text, re.MULTILINE)
    for number in (1, int(count)):
        task = {"SLURM_ARRAY_TASK_ID": str(number), "SLURM_CPUS_PER_TASK": cores}
        words = asked(tmp_path, ["bash", str(script)], **task)
        options = _parser().parse_args(words)
        assert (options.shard, options.jobs) == (f"{number}/{count}", int(cores))


def test_kubernetes_grades_every_shard(tmp_path, job):
    """Does each index, which count from 0, grade its own shard with the cores of its container?"""
    spec = job["spec"]
    assert (job["apiVersion"], job["kind"], spec["completionMode"]) == (
        "batch/v1",
        "Job",
        "Indexed",
    )
    (container,) = spec["template"]["spec"]["containers"]
    count, cores = spec["completions"], container["resources"]["limits"]["cpu"]
    for index in (0, count - 1):
        words = asked(tmp_path, container["command"], JOB_COMPLETION_INDEX=str(index))
        options = _parser().parse_args(words)
        assert (options.shard, options.jobs) == (f"{index + 1}/{count}", int(cores))
    # A pod that fails is begun again, a shard that can't be graded does not stop the others.
    assert spec["backoffLimitPerIndex"] > 0
    assert spec["maxFailedIndexes"] == count
    assert spec["template"]["spec"]["restartPolicy"] == "Never"


def test_kubernetes_rights(job):
    """Is a pod an ordinary user without a token, who can write verdicts and no submission?"""
    pod = job["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
    below = {path.rpartition("/")[2]: mount for path, mount in mounts.items()}
    assert set(below) == {"submitted", "rounds", "verdicts", "tmp"}
    assert below["submitted"]["readOnly"] is True
    assert {mount["name"] for mount in mounts.values()} == {v["name"] for v in pod["volumes"]}
    assert "env" not in container
    assert "envFrom" not in container
