"""No question is lost with the process that has taken it; `python -m tests.bot_kills` does more."""

from pathlib import Path

import pytest

from tests.bot_kills import run


@pytest.mark.parametrize("intake", ["polling", "webhook"])
async def test_a_bot_that_is_killed_while_it_answers_loses_nothing(
    tmp_path: Path, intake: str
) -> None:
    report = await run(intake, "kill", 1, tmp_path)
    assert report.asked == 40
    assert report.is_good, report
