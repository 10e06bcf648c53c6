"""Which language a text is in."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SAMPLE = 4000
"""Characters read of a long text: more changes nothing but the time."""


@cache
def _classifier() -> "Callable[[str], tuple[str, float]]":
    from py3langid import classify

    return classify  # type: ignore[no-any-return]


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, or "und" where no words tell."""
    sample = text[:_SAMPLE]
    if sum(map(str.isalpha, sample)) < 2:
        return "und"
    code, _ = _classifier()(sample)
    return "und" if code == "zxx" else code
