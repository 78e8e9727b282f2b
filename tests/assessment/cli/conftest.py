from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from assessment.cli import main
from assessment.cli.frame import Here
from tests.conftest import Clock

Run = Callable[..., Result]


@pytest.fixture
def run(runner: CliRunner, clock: Clock) -> Run:
    """Type a command in this test's instance; it must end with `code`."""

    def type_(*words: object, code: int = 0, given: str | None = None, env: dict[str, str] | None = None) -> Result:
        here = Here(clock=clock)
        result = runner.invoke(main, [str(word) for word in words], obj=here, input=given, env=env)
        if "bare_platform" in vars(here):
            here.bare_platform.database.dispose()
        said = f"{words} ended with {result.exit_code}\n{result.output}"
        assert result.exit_code == code, said if result.exception is None else f"{said}\n{result.exception!r}"
        return result

    return type_
