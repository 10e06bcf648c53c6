"""Rules of a page's own style sheets that strike out or hide text, written into `style`."""

import re
from collections.abc import Iterator

from embeddings.readers.office.xml import Element

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
"""Those of other media than the screen, of fonts and of movements among them."""
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([\w-]+))?", re.IGNORECASE)
"""A tag, a class or an identifier; what else decides is not known without a browser."""
_DECLARATION = re.compile(
    r"(?:^|;)\s*(display|visibility|text-decoration(?:-line)?)\s*:\s*([^;!]*)", re.IGNORECASE
)
_MOST_RULES = 2_000
_MOST_HIDDEN = 0.3
"""Share of a page's text; a rule that hides more waits for a script, and is passed over."""


def write_styles(root: Element) -> None:
    """Write the declarations that strike out or hide into the elements that they are for."""
    found: dict[Element, dict[str, str]] = {}
    whole = len("".join(root.itertext()))
    by_name: dict[str, list[Element]] = {}
    for element in root.iter("*"):
        names = [f".{name}" for name in (element.get("class") or "").split()]
        for name in (element.tag, *names, f"#{element.get('id')}"):
            by_name.setdefault(name, []).append(element)
    for selector, declared in _rules(root):
        tag, kind, name = selector
        named = by_name.get(f"{kind}{name}" if name else tag, [])
        elements = [element for element in named if tag in ("", element.tag)]
        if {"none", "hidden"} & set(declared.values()):
            hidden = sum(len("".join(element.itertext())) for element in elements)
            if hidden > _MOST_HIDDEN * whole:
                continue
        for element in elements:
            found.setdefault(element, {}).update(declared)
    for element, declared in found.items():
        style = element.get("style") or ""
        own = {name.lower() for name, _ in _DECLARATION.findall(style)}
        added = (f"{name}: {value}" for name, value in declared.items() if name not in own)
        element.set("style", "; ".join((*added, style)))


def _rules(root: Element) -> Iterator[tuple[tuple[str, str, str], dict[str, str]]]:
    """Yield the tag, the mark and the name that each rule is for, with what it declares."""
    sheets = "\n".join(sheet.text or "" for sheet in root.iter("style"))
    rules = _RULE.findall(_AT_RULE.sub("", _COMMENT.sub("", sheets)))
    for selectors, declarations in rules[:_MOST_RULES]:
        declared = {
            name.lower(): value.strip().lower()
            for name, value in _DECLARATION.findall(declarations)
        }
        for selector in selectors.split(",") if declared else ():
            match = _SELECTOR.fullmatch(selector.strip())
            if match and match[0]:
                yield ((match[1] or "").lower(), match[2] or "", match[3] or ""), declared
