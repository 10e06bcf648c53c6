"""What of a web page a reader sees, or sees after pressing a button.

A closed panel is read, because a press opens it. What is hidden for another reason, and what only
screen readers say, is not.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from embeddings.readers.compose import STRUCK
from embeddings.readers.office.xml import Element, text_in
from embeddings.readers.web.fields import FIELDS, is_entered

_WITHOUT_TEXT = frozenset(
    "annotation annotation-xml audio canvas colgroup datalist embed head iframe map meter "
    "noscript object picture progress rp rt script style svg template video".split()
)
_PAGE = frozenset("html body main article".split())
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LINE_THROUGH = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through", re.IGNORECASE)
_SPOKEN = re.compile(
    r"(?:^|\s)(?:sr-only(?!-focusable)|visually-?hidden|screen-?reader(?:-text|-only)?|a11y-hidden"
    r"|element-invisible|assistive-text)(?:$|\s)",
    re.IGNORECASE,
)
_PANEL = re.compile(
    r"accordion|collaps|panel|toggle|answer|spoiler|details|expand|faq|(?:^|[\s_-])(?:tabs?|content"
    r"|body|more|hidden-text)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NO_PANEL = re.compile(
    r"cookie|consent|gdpr|modal|popup|dialog|(?:^|[\s_-])(?:nav|navbar|menu|dropdown|tooltip|toast"
    r"|alert|search|overlay|lightbox|share|template|loading|spinner|error)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TOGGLES = ("data-toggle", "data-bs-toggle")
_OPENS = ("aria-expanded", "aria-controls", *_TOGGLES, "data-target")
_TARGETS = ("aria-controls", "data-target", "data-bs-target", "href")
_OPENER = re.compile(r"accordion|collaps|question|faq|toggle|spoiler|tab", re.IGNORECASE)
_MORE = re.compile(
    r"(?:(?:read|show|see|view|learn|load) (?:more|less|all)|more|less|close|expand|collapse"
    r"|details|toggle.*|menu"
    r"|(?:читати|показати|дізнатися|завантажити) (?:далі|більше|ще|все)|детальніше|докладніше"
    r"|закрити|згорнути|розгорнути"
    r"|(?:читать|показать|узнать|загрузить) (?:далее|больше|ещё|еще|все|всё)|подробнее|закрыть"
    r"|свернуть|развернуть|меню)\W*",
    re.IGNORECASE,
)
_TITLES = frozenset("h1 h2 h3 h4 h5 h6 summary dt button label".split())
_OPENERS = frozenset("button summary label".split())
_NOTE = re.compile(r"\[?\W?\d{0,3}[a-z*†‡]?\W?\]?")
_NOTE_LINK = re.compile(r"\b(?:noteref|doc-noteref|doc-backlink|footnote-(?:ref|backref))\b")
_ICON = re.compile(r"\s*[+＋−–▲▼△▽▴▾▸▶►⌄⌃˅›»✕×]\s*")
"""Of a button: opens or closes what is below."""
_MARKS = re.compile(r"[¶#§🔗\s\ue000-\uf8ff]*")


class Controls(NamedTuple):
    """What the buttons and the form of a page do.

    Attributes:
        opened: ids of what buttons open.
        tabs: the label of each tab, by the id of what it shows.
        entered: ids of fields that are to be filled in.
    """

    opened: frozenset[str]
    tabs: dict[str, str]
    entered: frozenset[str]


def controls_of(root: Element) -> Controls:
    """Find the buttons and the fields of a page."""
    ids = {element.get("id") for element in root.iter("*")}
    opened: set[str] = set()
    tabs: dict[str, str] = {}
    entered: set[str] = set()
    for element in root.iter("*"):
        if is_opener(element):
            targets = {(element.get(name) or "").lstrip("#") for name in _TARGETS} & ids
            opened |= targets
            if element.get("role") == "tab":
                tabs |= dict.fromkeys(targets, text_in(element))
        elif element.tag in FIELDS and is_entered(element):
            entered.add(element.get("id") or "")
    return Controls(frozenset(opened), tabs, frozenset(entered))


def is_opener(element: Element) -> bool:
    """Whether an element is a button that opens a part of the text."""
    role = element.get("role")
    if element.tag not in ("button", "a", "label") and role not in ("button", "tab"):
        return False
    if (element.get("aria-haspopup") or "false") != "false":
        return False
    if any(element.get(name) in ("modal", "dropdown", "tooltip") for name in _TOGGLES):
        return False
    if role == "tab" or any(element.get(name) is not None for name in _OPENS):
        return True
    if element.tag != "button":
        return False
    text = "".join(element.itertext()).strip()
    is_question = text.endswith("?") and len(text.split()) > 2
    return is_question or bool(_OPENER.search(element.get("class") or ""))


def why_unseen(element: Element, controls: Controls) -> str | None:
    """Return why an element is not read; None when it is, "" when nothing of it is text."""
    tag = element.tag
    if tag in _WITHOUT_TEXT or tag in FIELDS or _is_note_mark(element) or _is_icon(element):
        return ""
    if tag in ("s", "strike", "del") or _LINE_THROUGH.search(element.get("style") or ""):
        return STRUCK
    if _is_mere_button(element, controls):
        return "button"
    if tag == "label" and (
        element.get("for") in controls.entered or any(map(is_entered, element.iter(*FIELDS)))
    ):
        return "field of a form"
    if tag == "dialog" or element.get("role") in ("dialog", "alertdialog"):
        return "dialog"
    if _SPOKEN.search(element.get("class") or ""):
        return "only for screen readers"
    hidden = element.get("hidden") is not None or _NO_DISPLAY.search(element.get("style") or "")
    if tag in _PAGE or not hidden or _is_panel(element, controls.opened):
        return None
    return "hidden"


def _is_mere_button(element: Element, controls: Controls) -> bool:
    """Whether an element is a button, and not the heading of what it opens."""
    if is_opener(element):
        target = (element.get(name) or "" for name in _TARGETS)
        is_tab = any(name.lstrip("#") in controls.tabs for name in target)
        return is_tab or bool(_MORE.fullmatch("".join(element.itertext()).strip()))
    return element.tag == "button" and next(element.iterancestors(*_TITLES), None) is None


def _is_panel(element: Element, opened: frozenset[str]) -> bool:
    """Whether a hidden element is shown when something beside it is pressed."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _NO_PANEL.search(named) or element.get("aria-modal") or element.get("role") == "menu":
        return False
    if element.get("id") in opened or element.get("hidden") == "until-found":
        return True
    if _PANEL.search(named) or element.get("role") in ("tabpanel", "region"):
        return True
    return any(_opens(other) for other in _beside(element))


def _beside(element: Element) -> Iterator[Element]:
    """Yield the elements next to an element, and the one before its parent."""
    parent = element.getparent()
    beside = [element.getprevious(), element.getnext()]
    if parent is not None and element.getprevious() is None and parent.tag not in _PAGE:
        beside.append(parent.getprevious())
    for other in beside:
        if other is not None and isinstance(other.tag, str):
            yield other


def _opens(element: Element) -> bool:
    if element.tag in _TITLES or is_opener(element) or element.get("onclick"):
        return True
    if element.tag == "a" and (element.get("href") or "").startswith(("#", "javascript:")):
        return True
    if element.find(".//button") is not None or element.find(".//*[@aria-expanded]") is not None:
        return True
    return "".join(element.itertext()).rstrip().endswith("?")


def _is_icon(element: Element) -> bool:
    """Whether an element is the sign first or last in a button that shows that a press opens it."""
    if element.tag not in ("span", "i") or not _ICON.fullmatch("".join(element.itertext())):
        return False
    around = element.iterancestors()
    opener = next((one for one in around if one.tag in _OPENERS or is_opener(one)), None)
    if opener is None:
        return False
    parts = [part for part in opener.xpath(".//text()") if part.strip()]
    owners = [part.getparent() for part in (parts[0], parts[-1]) if part.is_text]
    return any(owner is element or element in owner.iterancestors() for owner in owners)


def _is_note_mark(element: Element) -> bool:
    """Whether an element only refers to a note, or is the mark that links to a heading."""
    if element.tag == "a":
        kinds = (element.get(name) or "" for name in ("epub:type", "role", "class"))
        if _NOTE_LINK.search(" ".join(kinds)):
            return True
        text = "".join(element.itertext()).strip()
        if not text or not (element.get("href") or "").startswith("#"):
            return False
        is_raised = element.find("sup") is not None and _NOTE.fullmatch(text) is not None
        return is_raised or _MARKS.fullmatch(text) is not None
    if element.tag == "sup" and element.find(".//a") is not None:
        return bool(_NOTE.fullmatch("".join(element.itertext()).strip()))
    return False
