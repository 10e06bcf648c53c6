"""Questions that are recognised by their form alone."""

import re

_ARTICLE = r"(?:article|text|document|page|file|story)"
_CYRILLIC = r"(?:статт\w+|стать\w+|статей|текст\w*|документ\w*|файл\w*)"
_OVERVIEW = re.compile(
    rf"what(?: is|'s|’s|s) (?:this|that|the) {_ARTICLE}(?: is)? (?:all )?about"
    rf"|(?:summary|summarize|gist|overview) (?:of )?(?:this|the) {_ARTICLE}"
    rf"|про що (?:тут |ця |цей |йдеться |ідеться |мова |говориться |у |в |цій |цьому )*{_CYRILLIC}"
    rf"|о ч[её]м (?:тут |эта |этот |говорится |речь |идёт |идет |в |этой |этом )*{_CYRILLIC}"
    rf"|{_CYRILLIC} (?:про що|о ч[её]м)(?!\w)"
    r"|worum geht(?: e|['’])?s (?:in )?(?:diesem|dem|im) (?:artikel|text|dokument)"
    r"|de qu[eé] trata (?:este|el) (?:art[ií]culo|texto|documento)",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\W*(?:who(?: is|'s|’s| was)|хто (?:так[ийаі]+|є)|кто (?:так[ойаяие]+)|wer (?:ist|war)"
    r"|qui[eé]n (?:es|fue)|qui est|kto to(?: jest)?)(?: [^\W\d_][\w.'’-]*){1,4}\W*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def asks_for_overview(question: str) -> bool:
    """Whether a question is what an article is about, as a whole."""
    return bool(_OVERVIEW.search(question))


def asks_who_it_is(question: str) -> bool:
    """Whether a question is who someone is, and no more: a few words that name them follow."""
    return bool(_WHO.fullmatch(question))


def is_noise(question: str) -> bool:
    """Whether a text asks nothing: bare addresses, or one letter again and again."""
    letters = [char for char in _ADDRESS.sub("", question).casefold() if char.isalnum()]
    return not letters or (len(letters) > 3 and len(set(letters)) == 1)
