"""Boilerplate of saved web pages: menus, credits, bylines, buttons.

Every rule looks at one line. The rules are narrow, because a line of boilerplate that is kept does
less harm than a sentence of the article that is dropped.
"""

import re
from collections.abc import Sequence

_SEPARATORS = re.compile(r"[\s|/·•»›>,]+")

_ORNAMENT = re.compile(r"[\s*•·—–_=~|/#.…+★☆◆■-]*")

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
    r"(?:home|news|головна|новини|главная|новости)(?: ?[>›»→/|] ?[^.!?>›»→/|]+)+$", re.IGNORECASE
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
_MENU = re.compile(
    r"home|news|about(?: us)?|contacts?(?: us)?|privacy(?: policy)?|terms(?: of (?:use|service))?"
    r"|sitemap|subscribe|log ?in|sign (?:in|up)|register|careers|advertis(?:ing|e)|faq|help|menu"
    r"|search|головна|новини|про (?:нас|проєкт|проект|сайт)|контакти|політика конфіденційності"
    r"|правила (?:сайту|користування)|реклама|увійти|вхід|реєстрація|вакансії|допомога|меню|пошук"
    r"|главная|новости|о (?:нас|проекте|сайте)|контакты|политика конфиденциальности"
    r"|правила (?:сайта|пользования)|войти|вход|регистрация|вакансии|помощь|поиск",
    re.IGNORECASE,
)
_FEWEST_LABELS = 2
"""Labels of a menu from which a text has one."""
_FEWEST_KINDS = 2
"""Kinds of boilerplate from which a text is a saved web page."""
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
_LINES = {"copyright": _RIGHTS, "cookie notice": _COOKIES, "breadcrumb": _BREADCRUMB}

_LONGEST = 250
_SENTENCE_WORDS = 8
"""Words; a line of so many that ends with a full stop is a sentence, however it begins."""


def why_boilerplate(line: str) -> str | None:
    """Return what a line is if it is boilerplate, wherever on the page it stands."""
    if is_ornament(line):
        return "ornament"
    if is_language_switch(line):
        return "language switch"
    if _is_buttons(line):
        return "button"
    if len(line) > _LONGEST:
        return None
    why = next((why for why, pattern in _LINES.items() if pattern.match(line)), None)
    is_sentence = line.endswith(".") and len(line.split()) >= _SENTENCE_WORDS
    if why or is_sentence:
        return why
    if _CREDIT.search(line):
        return "credit"
    return "pointer to other pages" if _POINTER.match(line) else None


def is_saved_page(lines: Sequence[str]) -> bool:
    """Whether a text is surely a web page: it has lines of boilerplate of several kinds."""
    kinds = {why_boilerplate(line) for line in lines} - {None, "ornament"}
    if sum(map(is_menu_label, lines)) >= _FEWEST_LABELS:
        kinds.add("menu")
    return len(kinds) >= _FEWEST_KINDS


def is_menu_label(line: str) -> bool:
    """Whether a line is a label that stands in the menus of web pages."""
    return bool(_MENU.fullmatch(line))


def is_ornament(line: str) -> bool:
    """Whether a line only divides the text: "***", "• • •", "-----"."""
    return bool(_ORNAMENT.fullmatch(line))


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
