"""Phone numbers in a text, and numbers that only look like them."""

import re

PHONE = re.compile(
    r"(?<![\w-])(?!\d{4} ?[–-] ?\d{4}(?!\d)|\d{4}-\d\d-\d\d)\+?\(?\d(?:[ ()–-]*\d){4,}"
)
_CALL = (
    r"(?<!\w)(?:phone|tel|call|dial|hotline|number|fax"
    r"|тел|дзвон|звон|номер|(?:по|за)(?:тел|звон))\w*"
)
_SHORT_PHONE = re.compile(
    rf"{_CALL}\W{{0,3}}(?:[\w—–:-]+ ){{0,4}}(?!(?:19|20)\d\d)\d{{3,4}}"
    r"(?![\w%]|[.,:/-]\d| ?(?:грн|руб|%))",
    re.IGNORECASE,
)
"""A number of three or four digits that is called, and is no year and no price."""
_MOST_DIGITS = 15
_PHONE_LABEL = re.compile(
    rf"(?:{_CALL}\W{{0,3}}(?:[^\W\d]+\W{{1,2}}){{0,3}}|:\s)\(?$", re.IGNORECASE
)


def holds_phone(text: str) -> bool:
    """Whether a text has a phone number, or a short one that it says is called."""
    return bool(PHONE.search(text) or _SHORT_PHONE.search(text))


def is_phone(match: "re.Match[str]") -> bool:
    """Whether a match of `PHONE` looks like nothing else, or the words before it say what it is."""
    return sum(map(str.isdigit, match[0])) <= _MOST_DIGITS and (
        match[0][0] in "+0(" or bool(_PHONE_LABEL.search(match.string[: match.start()]))
    )
