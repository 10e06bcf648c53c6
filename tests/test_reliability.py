"""No question is lost with the process that has taken it; `python -m tests.bot_kills` does more."""

from pathlib import Path

import pytest

from tests.bot_kills import run


@pytest.mark.parametrize(("intake", "how"), [("polling", "kill"), ("webhook", "kill")])
async def test_a_bot_that_ends_while_it_answers_loses_nothing(
    tmp_path: Path, intake: str, how: str
) -> None:
    report = await run(intake, how, 2, tmp_path)
    assert report.asked == 80
    assert report.is_good, report
