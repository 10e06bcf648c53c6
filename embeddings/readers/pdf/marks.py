"""What a line of a PDF looks like by its words alone: an item of a list, a row of figures."""

import re

BOXES = "☐☑☒□"
"""Boxes of a form, to be ticked."""
BULLETS = f"•●▪◦‣{BOXES}"
"""Marks that begin an item wherever a line begins with them."""
_ITEM = re.compile(
    r"(?:\(?\d{1,3}(?:\.\d{1,3}){0,5}[.)]|\d{1,3}(?:\.\d{1,3}){1,5}|\(?[^\W\d_][.)]"
    rf"|\[\d{{1,4}}\]|[IVXLCІХ]{{1,7}}[.)]|[-–—*{BULLETS}])(?=\s|[^\W\d_])"
)
_TERM = re.compile(
    r"[^\W\d_][^.;:?!]{1,80}?, \d{1,4}(?:[–-]\d{1,4})?(?:, ?\d{1,4}(?:[–-]\d{1,4})?)*[.;]?"
)
_CREDIT = re.compile(
    r"(?:[Ww]ritten |[Rr]eported )?[Bb]y [A-ZА-ЯІЇЄҐ]\S* [A-ZА-ЯІЇЄҐ]"
    r"|(?i:автор\w*|текст|фото\w*|переклад|authors?|text|words|photo\w*|pictures?)\s*[:©]"
)
_CAPTION = re.compile(
    r"(?:fig(?:ure)?|table|scheme|abb(?:ildung)?|tab(?:elle)?|рис(?:унок)?|мал(?:юнок)?|іл|ил|табл?"
    r"|таблиц[яа])\b\.?\s?№?\s?\d",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[^\W\d_][^\d:.;!?]{1,40}:\s[^\w\s]?\d[\d\s.,:/–-]*\W*\w{0,6}\W*")
_LABELLED = re.compile(r"([^\W\d_][^:.;!?]{1,40}):\s+\S")
_MARKS = ".,;:!?()'\"«»“”„’"
LEADER = re.compile(r"(?:[.…_·]\s?){4,}")
"""Dots that lead to a page number, or underscores of a form."""


def is_item(text: str) -> bool:
    """Whether a line begins like an item of a list or a numbered clause."""
    return _ITEM.match(text) is not None


def is_term(text: str) -> bool:
    """Whether a line is a term of an index with its pages."""
    return _TERM.fullmatch(text) is not None


def is_credit(text: str) -> bool:
    """Whether a line says who wrote a text or took a picture."""
    return _CREDIT.match(text) is not None


def is_caption(text: str) -> bool:
    """Whether a line is what is printed below or above a picture or table: "Figure 2: ..."."""
    return _CAPTION.match(text) is not None


def is_value(text: str) -> bool:
    """Whether a line is a label with a number: "Pipes renewed: 17.4 km"."""
    return _VALUE.fullmatch(text) is not None


def label_of(text: str) -> str:
    """Return the label that a line begins with, before its value: "Our ref: Ann"; "" if none."""
    match = _LABELLED.match(text)
    return match[1] if match else ""


def without_leaders(text: str) -> str:
    """Shorten rows of dots before a page number, and rows of underscores of a form."""
    return " ".join(LEADER.sub(lambda m: "… " if m[0][0] != "_" else "___ ", text).split())


def is_figures(text: str) -> bool:
    """Whether a line is a row of a table: more figures and dashes than words."""
    words = [word.strip(_MARKS) for word in text.split()]
    return (
        len(words) > 2 and sum(len(word) > 1 and word.isalpha() for word in words) < len(words) / 2
    )
