"""What notes have beside Markdown, as Obsidian and programs like it show them.

[[Kiln|the kiln]], [[Kiln#Heat]]    links         ==text==             highlights
![[plan.png]]                       embeds        %% text %%           comments
> [!info] Title                     callouts      at the end: ^name    names of blocks
"""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from embeddings.articles.article import Dropped

DROPPED = "dropped"
"""The key of the parser's environment with a list of what was left out."""

_LINK = re.compile(r"(!?)\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]")
_HIGHLIGHT = re.compile(r"==(?=[^\s=])(.{1,1000}?)(?<=[^\s=])==(?!\w|=)", re.DOTALL)
_COMMENT = re.compile(r"%%(.*?)%%", re.DOTALL)
_CALLOUT = re.compile(r"\[!([\w -]+)\][+-]? *([^\n]*)\n?")
_BLOCK_NAME = re.compile(r"(?:^|\s+)\^[A-Za-z0-9][A-Za-z0-9-]*\s*$")
_QUERIES = frozenset("dataview dataviewjs tasks query".split())


def notes_plugin(parser: MarkdownIt) -> None:
    """Let a parser read notes; in their lists the numbers are those that were written."""
    parser.inline.ruler.before("link", "note_link", _link)
    parser.inline.ruler.before("link", "note_highlight", _highlight)
    parser.inline.ruler.before("link", "note_comment", _comment)
    parser.block.ruler.before("fence", "note_comment", _comment_block, {"alt": ["paragraph"]})
    parser.core.ruler.before("inline", "note_blocks", _blocks)
    parser.core.ruler.after("inline", "note_lines", _lines)
    # The parser looks for rules at these characters only.
    parser.inline.add_terminator_char("=")
    parser.inline.add_terminator_char("%")


def _drop(env: Any, text: str, why: str) -> None:
    env.setdefault(DROPPED, []).append(Dropped(" ".join(text.split()), why))


def _link(state: StateInline, silent: bool) -> bool:
    match = _LINK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent and match[1]:
        _drop(state.env, match[2], "embedded file")
    elif not silent:
        parts = [part.strip() for part in match[2].split("#") if part and part[0] != "^"]
        state.push("text", "", 0).content = (match[3] or " > ".join(parts)).strip()
    state.pos = match.end()
    return True


def _highlight(state: StateInline, silent: bool) -> bool:
    match = _HIGHLIGHT.match(state.src, state.pos, state.posMax)
    if match is None or (state.pos and state.src[state.pos - 1].isalnum()):
        return False
    if not silent:
        end, state.posMax, state.pos = state.posMax, match.end(1), match.start(1)
        state.md.inline.tokenize(state)
        state.posMax = end
    state.pos = match.end()
    return True


def _comment(state: StateInline, silent: bool) -> bool:
    match = _COMMENT.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        _drop(state.env, match[1], "comment")
    state.pos = match.end()
    return True


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Leave out a comment that begins a line and ends on a later one."""
    begins = state.bMarks[start] + state.tShift[start]
    match = _COMMENT.match(state.src, begins, state.eMarks[end - 1])
    if match is None or match.end() <= state.eMarks[start]:
        return False
    last = next((line for line in range(start, end) if match.end() <= state.eMarks[line]), end - 1)
    if not state.src[match.end() : state.eMarks[last]].strip():
        if not silent:
            _drop(state.env, match[1], "comment")
        state.line = last + 1
        return True
    return False


def _blocks(state: StateCore) -> None:
    tokens: list[Token] = []
    for number, token in enumerate(state.tokens):
        if token.type == "inline":
            token.content = _BLOCK_NAME.sub("", token.content)
        elif token.type == "fence" and token.info.strip().casefold() in _QUERIES:
            _drop(state.env, token.content, "query")
            continue
        elif token.type == "ordered_list_open":
            _keep_numbers(state.tokens, number)
        tokens.append(token)
        if token.type == "blockquote_open":
            tokens += _callout(state.tokens, number)
    state.tokens = tokens


def _lines(state: StateCore) -> None:
    """End the line after a line that is all in bold: it is a question or a heading."""
    for inline in state.tokens:
        is_bold, strong = False, 0
        for number, token in enumerate(inline.children or []):
            if not number or token.type in ("softbreak", "hardbreak"):
                if number and is_bold and not strong:
                    token.type, token.tag = "hardbreak", "br"
                is_bold = True
            strong += token.nesting * (token.tag == "strong")
            is_bold &= strong > 0 or not token.content.strip()


def _callout(tokens: Sequence[Token], number: int) -> list[Token]:
    """Turn a quotation that is a callout into a panel; return the tokens of its title."""
    inline = tokens[number + 2] if number + 2 < len(tokens) else None
    match = _CALLOUT.match(inline.content) if inline and inline.type == "inline" else None
    if inline is None or match is None:
        return []
    inline.content = inline.content[match.end() :]
    if not match[2].strip():
        return []
    tokens[number].tag = _close(tokens, number).tag = "details"
    title = Token("inline", "", 0, content=match[2], children=[], level=inline.level)
    return [Token("summary_open", "summary", 1), title, Token("summary_close", "summary", -1)]


def _close(tokens: Sequence[Token], number: int) -> Token:
    level, kind = tokens[number].level, tokens[number].type.replace("_open", "_close")
    return next(t for t in tokens[number:] if t.level == level and t.type == kind)


def _keep_numbers(tokens: Sequence[Token], number: int) -> None:
    """Give the items of a list the numbers that are written, unless all are the same."""
    level, end = tokens[number].level, _close(tokens, number)
    items: list[Token] = []
    for token in tokens[number:]:
        if token is end:
            break
        if token.type == "list_item_open" and token.level == level + 1:
            items.append(token)
    if len({item.info for item in items}) > 1:
        for item in items:
            item.attrSet("value", item.info)
