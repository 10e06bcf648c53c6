"""Boilerplate of saved web pages: menus, credits, bylines, buttons.

Every rule looks at one line. The rules are narrow, because a line of boilerplate that is kept does
less harm than a sentence of the article that is dropped.
"""

import re

_SEPARATORS = re.compile(r"[\s|/·•»›>,]+")

_LANGUAGES = frozenset(
    # ISO 639-1 codes seen in language switches, "ua" for Ukrainian, and the languages' own names
    "ar az be bg by cn cs cz da de ee el en eng es et fi fr ge gr he hi hr hu hy id il it ja ka kk "
    "ko kz lt lv md nb nl no pl pt ro ru rus sk sl sq sr sv tr ua uk ukr us uz vi zh "
    "english українська укр русский рус deutsch français español polski italiano português "
    "türkçe čeština latviešu lietuvių eesti suomi svenska dansk norsk nederlands română magyar "
    "ελληνικά български српски hrvatski slovenčina беларуская қазақша ქართული עברית العربية "
    "中文 日本語 한국어".split()
)

_BUTTONS = re.compile(
    r"(?:share(?: (?:this|on))?|tweet|print|(?:subscribe|sign up)(?: (?:to|for) our newsletter)?"
    r"|sign in|log ?in|menu|home|search|advertis(?:ement|ing)"
    r"|comments?|cookies?|accept(?: all)?|skip to (?:main )?content|back to top|copy link|follow us"
    r"|facebook|twitter|telegram|whatsapp|viber|instagram|youtube|linkedin|pinterest|e-?mail|x"
    r"|поділитися|поділитись|надрукувати|підписатися|увійти|вхід|меню|головна|пошук|реклама"
    r"|коментар(?:і|ів)?|поделиться|печать|подписаться|войти|вход|главная|поиск"
    r"|комментари(?:и|й|ев)|наверх|вгору|\d+)",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"(?:read (?:also|more|next)|see also|related(?: (?:articles|news|stories))?|more on this"
    r"|читайте (?:також|ще|также|еще)|також читайте|також за темою|дивіться також|до теми"
    r"|по теме|смотрите также|follow us|підписуйтесь|підпишіться|подписывайтесь|tags|теги)\s*:",
    re.IGNORECASE,
)
_BREADCRUMB = re.compile(
    r"(?:home|news|головна|новини|главная|новости)(?: ?[>›»→/|] ?[^.!?>›»→/|]+)+", re.IGNORECASE
)
_COOKIES = re.compile(
    r"(?:we|(?:this|our) (?:web)?site|ми|цей сайт|наш сайт|мы|этот сайт)"
    r" (?:uses?|використову\w+|используе\w+)\b[^.]{0,40}\b(?:cookies?|куки|кукі)\b",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"©|(?:copyright )?(?:\(c\)|©|copyright) ?\d{4}|all rights reserved|усі права захищ"
    r"|всі права захищ|все права защищ",
    re.IGNORECASE,
)
_CREDIT_WORD = (
    r"(?:photo(?:s|graph)?|image|picture|illustration|фото(?:графія|графия)?|зображення"
    r"|изображение|ілюстрація|иллюстрация|світлина)"
)
_CREDIT = re.compile(
    rf"(?<![.!?…] )[(\[]\s*{_CREDIT_WORD}(?: (?:by|credit))?\s*[:©/][^)\]]*[)\]]?$"
    rf"|^{_CREDIT_WORD}(?: (?:by|credits?|courtesy of))?\s*[:©]"
    rf"|^{_CREDIT_WORD} by \S+(?: \S+){{0,3}}$",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,4}(?:(?:,| and| та| і| и) [^\W\d_][\w'’. -]*)*"
_BYLINE = re.compile(
    rf"(?:(?:author|written by|reported by|text|автор(?:и|ы|ка)?|текст|журналіст(?:ка)?"
    rf"|журналист)\s*:\s*|(?:written |reported )?by (?=[A-ZА-ЯІЇЄҐ]))(?P<author>{_NAME})",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов"
    r"|лис|гру|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек)\w*\.?,?"
)
_DATE = re.compile(
    rf"(?:(?:published|updated|posted|last modified|date|дата|опубліковано|оновлено|опубликовано"
    rf"|обновлено|mon|tue|wed|thu|fri|sat|sun)\w*\s*(?:on|at)?[:,]?\s*)?"
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}(?:t\S+)?"
    rf"|\d{{1,2}}\.? {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {_MONTH})"
    rf"(?:\s*(?:р\.|г\.|року|года))?(?:[\s,|·—–-]*(?:at|о|в)?\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?"
    rf"(?:\s*(?:am|pm|utc|gmt|eet|est|msk))?)?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\d{1,2}:\d{2}(?:\s*[ap]m)?|\d+ (?:min(?:utes?)? (?:read|ago)|хв|мин)\w*\.?", re.I
)
_URL = re.compile(
    r"(?:(?:source|url|link|original|джерело|посилання|источник|ссылка)\s*:\s*)?"
    r"(?P<url>https?://\S+)",
    re.IGNORECASE,
)

_PARTICLES = frozenset("and de da del der di du la le van von та і й и ля".split())

_LONGEST = 250
_LONGEST_BYLINE = 80
_SENTENCE_WORDS = 8
"""Words; a line of so many that ends with a full stop is a sentence, however it begins."""


def is_boilerplate(line: str) -> bool:
    """Whether a line is boilerplate, wherever on the page it is."""
    if is_language_switch(line) or _is_buttons(line) or not any(map(str.isalnum, line)):
        return True
    if len(line) > _LONGEST:
        return False
    if _RIGHTS.match(line) or _COOKIES.match(line) or _BREADCRUMB.fullmatch(line):
        return True
    is_sentence = line.endswith(".") and len(line.split()) >= _SENTENCE_WORDS
    return not is_sentence and bool(_CREDIT.search(line) or _POINTER.match(line))


def is_dateline(line: str) -> bool:
    """Whether a line holds nothing but a date or a time."""
    return bool(_DATE.fullmatch(line) or _TIME.fullmatch(line))


def author_of(line: str) -> str | None:
    """Return the author that a byline names, or None when the line is no byline."""
    if len(line) > _LONGEST_BYLINE:
        return None
    match = _BYLINE.fullmatch(line)
    author = match["author"].strip() if match else ""
    names = re.split(r"[\s,]+", author)
    is_author = all(name[:1].isupper() or name in _PARTICLES for name in names)
    return author if is_author else None


def url_of(line: str) -> str | None:
    """Return the URL when the line holds nothing else."""
    match = _URL.fullmatch(line)
    return match["url"] if match else None


def is_language_switch(line: str) -> bool:
    """Whether a line lists languages: "ua en ru", "English | Українська"."""
    words = [word for word in _SEPARATORS.split(line.casefold()) if word]
    return len(words) > 1 and len(set(words)) == len(words) and _LANGUAGES.issuperset(words)


def _is_buttons(line: str) -> bool:
    """Whether a line holds nothing but labels of buttons, and numbers beside them."""
    rest = line
    while rest:
        match = _BUTTONS.match(rest)
        if match is None:
            return False
        following = rest[match.end() :]
        if following[:1].isalnum():
            return False
        rest = following.lstrip(" |/·•,:()")
    return any(map(str.isalpha, line))
