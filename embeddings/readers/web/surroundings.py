"""What stands around the article of a web page: menus, banners, boxes, lists of links.

The rules take only what the page itself marks, or what is nothing but links.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from embeddings.readers.office.xml import Element
from embeddings.readers.web.tables import HEADINGS, is_data

_ROLES = {
    "navigation": "menu",
    "banner": "page header",
    "contentinfo": "page footer",
    "complementary": "beside the article",
    "search": "search",
}
_AROUND = {"header": "page header", "footer": "page footer"}
_SECTIONS = ("article", "main", "section", "blockquote")
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:(?P<cookie>cookies?|consent|gdpr)|(?P<comments>comments?|disqus)"
    r"|(?P<advertisement>advert\w*|ads?)|(?P<dialog>popup|modal)|(?P<newsletter>newsletter)"
    r"|(?P<menu>breadcrumbs?|pagination|pager|navbar|skip-?links?|navback|navheader|navfooter))(?:$|[\s_-])",
    re.IGNORECASE,
)
_NAMED_WITH_LINKS = re.compile(
    r"(?:^|[\s_-])(?:menu|nav|navigation|footer|sidebar|related"
    r"|recommended|share|sharing|social|subscribe|banner|promo|tags|readmore|read-also)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NAMES = {
    "cookie": "cookie notice",
    "comments": "comments",
    "advertisement": "advertisement",
    "dialog": "dialog",
    "newsletter": "newsletter",
    "menu": "menu",
}
_CONTENTS = re.compile(r"(?:^|[\s_-])(?:toc|table-?of-?contents)(?:$|[\s_-])", re.IGNORECASE)
_LISTS = frozenset("div ol p section table td ul".split())
_PAGE = frozenset("html head body main".split())
_WITHOUT_TEXT = frozenset("head script style template noscript svg".split())
_LONGEST_LABEL = 20
"""Characters of a label in a menu that is one paragraph."""
_MENU_LINKS, _MENU_SHARE = 3, 0.8
"""Links, and their share of the text, from which an element outside the article is a menu."""
_LINKED = 0.5
"""Share of links in the text of an element whose name says that it is beside the article."""
_MOST_OF_PAGE = 0.5
"""An element with a larger share of the page's text is read, whatever its name."""
_LEAST_MAIN = 0.3
"""Share of the page's text that its main part must have to be believed to be that."""


class _Sizes(NamedTuple):
    """Characters in an element, those of them in links and in links within the page, and links."""

    letters: int = 0
    linked: int = 0
    anchored: int = 0
    links: int = 0

    def is_linked(self, share: float) -> bool:
        """Whether the text is nearly all links."""
        return self.linked >= share * self.letters

    def is_contents(self) -> bool:
        """Whether the text is nearly all links to parts of the same page."""
        return self.links >= _MENU_LINKS and self.anchored >= _MENU_SHARE * self.letters

    def is_menu(self) -> bool:
        """Whether the text is a list of links."""
        return self.links >= _MENU_LINKS and self.is_linked(_MENU_SHARE)


def find_surroundings(page: Element) -> dict[Element, str]:
    """Return the elements that are not the article, each with what it is."""
    sizes = _sizes_of(page)
    found: dict[Element, str] = {}
    whole = sizes[page].letters
    for element in page.iter("*"):
        size = sizes[element]
        most = whole if element.tag == "nav" else _MOST_OF_PAGE * whole
        if element.tag in _PAGE or not 0 < size.letters <= most:
            continue
        why = _why_by_kind(element, size) or _why_by_name(element, size)
        if why and (element.tag == "nav" or element.find(".//h1") is None):
            found[element] = why
    mains = [*page.iter("main")] or page.xpath("//*[@role='main']")
    main = mains[0] if len(mains) == 1 else None
    outermost = (x for x in found if found.keys().isdisjoint(x.iterancestors()))
    rest = whole - sum(sizes[element].letters for element in outermost)
    if main is not None and sizes[main].letters >= _LEAST_MAIN * rest:
        found.update(dict.fromkeys(_outside(main), "outside the main part of the page"))
    return found


def _sizes_of(page: Element) -> dict[Element, _Sizes]:
    counts: dict[Element, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for element in reversed(list(page.iter("*"))):
        count = counts[element]
        if element.tag in _WITHOUT_TEXT:
            count[:] = [0, 0, 0, 0]
        else:
            count[0] += _letters(element.text)
        if element.tag == "a" and count[0]:
            is_anchor = (element.get("href") or "").startswith("#")
            count[:] = [count[0], count[0], count[0] * is_anchor, 1]
        parent = counts[element.getparent()]
        parent[:] = [own + inner for own, inner in zip(parent, count, strict=True)]
        parent[0] += _letters(element.tail)
    return defaultdict(_Sizes, {element: _Sizes(*count) for element, count in counts.items()})


def _letters(text: str | None) -> int:
    return len(text.strip()) if text else 0


def _why_by_kind(element: Element, size: _Sizes) -> str | None:
    """Return what an element is by its tag, its role and its links."""
    tag, role = element.tag, element.get("role") or ""
    if size.is_contents() and tag in _LISTS | {"nav", "aside"}:
        return "table of contents"
    if tag == "nav" or role == "navigation":
        return "menu"
    is_inside = next(element.iterancestors(*_SECTIONS), None) is not None
    if is_inside and tag != "aside":
        return None
    if tag == "aside" or role == "complementary":
        return "beside the article" if size.is_linked(_LINKED) else None
    if tag in _AROUND or role in _ROLES:
        return _AROUND.get(tag) or _ROLES.get(role)
    is_list = tag in _LISTS and size.is_menu() and not _is_text(element, size)
    return "list of links" if is_list else None


def _is_text(element: Element, size: _Sizes) -> bool:
    """Whether links are a section, an enumeration, or the cell of a table, and no short labels."""
    if next(element.iter(*HEADINGS), None) is not None:
        return True
    if any("," in (link.tail or "") for link in element.iter("a")):
        return True
    if element.tag == "p":
        return size.linked > _LONGEST_LABEL * size.links
    table = next(element.iterancestors("table"), None)
    return table is not None and is_data(table)


def _why_by_name(element: Element, size: _Sizes) -> str | None:
    """Return what an element is by its classes and its id."""
    named = element.get("class") or ""
    name = element.get("id") or ""
    if name and not _is_titled(element, name):
        named = f"{named} {name}"
    if not named:
        return None
    if size.links and size.is_linked(_LINKED):
        if _CONTENTS.search(named):
            return "table of contents"
        if _NAMED_WITH_LINKS.search(named):
            return "menu"
    match = _NAMED.search(named)
    return _NAMES[match.lastgroup or ""] if match else None


def _is_titled(element: Element, name: str) -> bool:
    """Whether the id of an element is made of its heading."""
    heading = next(element.iter(*HEADINGS), None)
    words = re.findall(r"\w+", "" if heading is None else "".join(heading.itertext()).casefold())
    return bool(words) and re.findall(r"[^\W_]+", name.casefold()) == words


def _outside(main: Element) -> Iterator[Element]:
    """Yield what stands beside the main part and what holds it, but the only heading of it all."""
    has_heading = next(main.iter("h1"), None) is not None
    for part in (main, *main.iterancestors()):
        for side in (*part.itersiblings("*"), *part.itersiblings("*", preceding=True)):
            is_heading = not has_heading and next(side.iter("h1"), None) is not None
            if not is_heading and side.tag != "head":
                yield side
