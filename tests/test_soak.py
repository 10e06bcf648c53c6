"""A short soak; `python -m tests.soak` is the long one."""

import json

import pytest

from tests.soak import soak


@pytest.mark.usefixtures("real_model")
def test_answers_stay_right_while_the_articles_change() -> None:
    report = soak(seconds=6, people=2, pause_s=0.5)
    shown = json.dumps(report.to_json(), indent=1)
    assert report.is_good, shown
    assert report.questions > 10, shown
    assert report.edits > 3, shown
