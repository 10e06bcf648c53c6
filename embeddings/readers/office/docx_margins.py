"""Word documents: what stands in the headers and footers of the pages."""

import re

from embeddings.readers.office.xml import Element, child, children, get

_COMPUTED = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|STYLEREF|FILENAME|TITLE|DATE|TIME|SAVEDATE"
    r"|PRINTDATE|CREATEDATE)\b"
)
"""Fields whose value depends on the page or the moment."""
_FEW_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+")


def without_fields(part: Element) -> Element:
    """Remove from a header or footer the numbers of pages and the like.

    A paragraph is emptied when there is little beside them: "Page 3 of 7".
    """
    for paragraph in list(part.iter("{*}p")):
        if _remove_fields(paragraph):
            words = _WORD.findall("".join(text.text or "" for text in paragraph.iter("{*}t")))
            if len(words) <= _FEW_WORDS:
                paragraph.clear()
    return part


def _remove_fields(paragraph: Element) -> int:
    """Remove the values of computed fields; return how many there were."""
    removed = 0
    for field in list(paragraph.iter("{*}fldSimple")):
        if _COMPUTED.match(get(field, "instr") or ""):
            field.clear()
            removed += 1
    instructions: list[str] = []  # of the fields that are open here, the outermost first
    for run in list(paragraph.iter("{*}r")):
        kind = get(child(run, "fldChar"), "fldCharType")
        if kind == "begin":
            instructions.append("")
        elif kind == "end" and instructions:
            removed += bool(_COMPUTED.match(instructions.pop()))
        elif instructions:
            instructions[-1] += "".join(x.text or "" for x in children(run, "instrText"))
            if any(map(_COMPUTED.match, instructions)):
                for text in children(run, "t"):
                    text.text = ""
    return removed
