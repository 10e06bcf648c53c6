"""The text of a question as it is encoded, and what is told by its form alone.

One that does not stand alone, such as "And when?" after an answer, says what is asked but not of
what. It is short, and has nothing but a question word, or a pronoun for what the question before
named, or only what is different this time ("And in Lithuania?"). In doubt a question stands alone.
"""

import re

from embeddings.text.decoding import clean

LONGEST_QUESTION = 1000
"""Most characters of a question that are read."""
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+")
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
_BARE_OVERVIEW = re.compile(
    r"\W*(?:(?:and|so|а|и|і) )?(?:what(?: is|'s|’s|s) (?:this|(?P<thing>that|it))(?: all)? about"
    r"|про що (?:це|тут|йдеться|ідеться)(?: тут)?|о ч[её]м (?:это|тут|(?:ид[её]т )?речь))\W*",
    re.IGNORECASE,
)
"""What asks for an overview of what was spoken of before, or of the only article."""
_WHO = re.compile(
    r"\W*(?:who(?: is|'s|’s| was)|хто (?:так[ийаі]+|є)|кто (?:так[ойаяие]+)|wer (?:ist|war)"
    r"|qui[eé]n (?:es|fue)|qui est|kto to(?: jest)?)(?: [^\W\d_][\w.'’-]*){1,4}\W*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)

_LEAD = frozenset("and but or so then also а і й и та але но або или ну тоді тогда".split())
_ABOUT = re.compile(
    r"(?:(?:and|but|а|і|и|ну) )?(?:what about|how about|як щодо|що щодо|а? ?як же|що з|(?:а )?що до"
    r"|(?:что|как) насчет|как же|что с|что по)(?!\w)"
)
_PREPOSITIONS = frozenset(
    # none that begins a topic: "about", "про", "о"
    "in at on for from to with without by until till after before since under over of during per "
    "у в на з із зі до від для без по за під після перед через при "
    "с из от под над после к ко во со".split()
)
_PRONOUNS = frozenset(
    "he she it they him her them his hers its their theirs "
    "він вона воно вони його її їх йому їй їм ним нею ними нього неї них ньому ній їхній їхня їхнє "
    "це цього цьому цим там туди звідти "
    "он она оно они его ее их ему ей им ими него нее нем ней ним ними них "
    "это этого этому этим этом туда оттуда".split()
)
_DETERMINERS = frozenset(
    "this that these those цей ця цю ці цієї цій цих той та те ті тієї того этот эта эту эти этой "
    "этих тот та те той".split()
)
_OF_WHAT = frozenset("whom кого кому ким кем що чого чому чим что чего чему чем".split())
_BE = frozenset("is are was were".split())
_ABBREVIATIONS = frozenset({"IT", "US"})
"""In capitals, what would otherwise be a pronoun."""
_QUESTION_WORDS = frozenset(
    "who whom whose what which when where why how is are was were am do does did can could may "
    "might must should shall will would has have had "
    "хто кого кому ким чий чия чиє чиї що чого чому чим навіщо який яка яке які якого якої якому "
    "якій яким якою яких якими коли де куди звідки як скільки скількох котра котрій котрої чи "
    "має мають бути повинен повинна повинно повинні должен должна должно должны быть "
    "кто кем чей чья чье чьи что чего чему чем зачем почему отчего какой какая какое какие какого "
    "какой какому каким какою каких какими каком когда где куда откуда как сколько скольких "
    "который которая которого котором ли".split()
)
_LIGHT = (
    _LEAD
    | _PREPOSITIONS
    | _PRONOUNS
    | _DETERMINERS
    | _QUESTION_WORDS
    | frozenset(
        "a an the i we me us my our not no else more most many much long often old far big again "
        "exactly about so too very still yet now already next other others anyone anybody "
        "anything someone something rest all both be been being there one ones any some cost "
        "costs price little few happen happened happens take takes took last lasts time year day "
        "days o'clock percent не ні так ще більше ж же саме точно б би ось тепер зараз вже далі "
        "потім інші інших інше інший решта усі всі все є був була було були буде будуть можна "
        "треба потрібно варто хтось щось довго багато мало часто давно коштує коштують коштувало "
        "ціна сталося станеться трапилося відбулося відбудеться тривало триває займає зайняло "
        "часу час рік році року день дня днів години годині годину разом всього приблизно "
        "конкретно да нет еще больше бы именно вот теперь сейчас уже дальше потом другие других "
        "другое другой остальные всё есть был была было были будет будут можно нужно надо стоит "
        "стоят стоило кто-то что-то кто-нибудь что-нибудь долго много цена случилось произошло "
        "состоялось состоится длилось длится занимает заняло времени время год году года лет дней "
        "часа часов вместе всего примерно".split()
    )
)
"""Words that do not say what a question is about."""
_YES_OR_NO = frozenset("yes no так ні да нет".split())
_EXPLETIVE = re.compile(
    r"\b(?:is|was) it (?=(?:\w+ ){1,3}(?:to|that|for|if)\b)|\bit takes?(?= to\b)"
    r"|\b(?:does|did|will|would) it (?=\w+ to (?!the\b|a\b|an\b|it\b))|\bis it true\b"
    r"|\b(?:what|which) (?:time|day|date) is it\b|\bкотра година\b|\bкоторый час\b"
    r"|\b(?:чи правда|чи це правда|правда ли|это правда|це правда)\b|\bце за\b|\bэто за\b"
)
"""Where "it" stands for nothing that was said before, and what asks for the time of day."""
_NEW_TOPIC = re.compile(r"\w+ (?:what(?: is|'s| are) (?!the\b)|що таке|что такое)")
"""After a word like "so", what asks for the meaning of a word."""
_EXCLAIMS = re.compile(r"[!)\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]\s*$")
_CONTINUES = re.compile(r"(?:and|but|also|or|а|и|і|й|та|або|чи|или|но|але)(?!\w)")
_NOMINAL_ONE = re.compile(r"\bones?$")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SPELLING = str.maketrans({"’": "'", "ʼ": "'", "ё": "е", "Ё": "Е"})

_BETWEEN = " · "
_MOST_TOGETHER = 900
"""Characters of both questions, at most."""
_LONGEST = 10
"""Words of a question that does not stand alone, at most."""
_BEGINNING = 4
"""Letters in which two forms of a word agree."""


def normalise(question: str) -> str:
    """Return the text of a question that is encoded; "" when it has no letter and no digit.

    A flag or another picture means a country or a thing to the model, and is left out.
    """
    text = _PICTURES.sub(" ", clean(question[: 4 * LONGEST_QUESTION]))
    text = " ".join(text.split())[:LONGEST_QUESTION].strip()
    return text if any(map(str.isalnum, text)) else ""


def asks_for_overview(question: str) -> bool:
    """Whether a question is what an article is about, as a whole."""
    start = latest_from(question)
    bare = _BARE_OVERVIEW.fullmatch(question[start:])
    of_a_thing = bare is not None and bare["thing"] is not None and start > 0
    return bool(_OVERVIEW.search(question) or (bare and not of_a_thing))


def asks_who_it_is(question: str) -> bool:
    """Whether a question is who someone is, and no more: a few words that name them follow."""
    return bool(_WHO.fullmatch(question))


def is_noise(question: str) -> bool:
    """Whether a text asks nothing: bare addresses, or one letter again and again."""
    letters = [char for char in _ADDRESS.sub("", question).casefold() if char.isalnum()]
    return not letters or (len(letters) > 3 and len(set(letters)) == 1)


def asked_together(question: str, previous: str) -> str | None:
    """Return a question together with the one before it, or None where it stands alone.

    Where the one before was itself put together, the question that stood alone is kept of it.
    """
    if len(previous) + len(question) > _MOST_TOGETHER or stands_alone(question, previous):
        return None
    topic, _, _ = previous.partition(_BETWEEN)
    return f"{topic.rstrip(' ?!.')}{_BETWEEN}{question}"


def latest_part(question: str) -> str:
    """Return what is asked now of a question that was put together; all of it where that is short.

    "And in Lithuania?" asks what the question before did.
    """
    latest = question[latest_from(question) :]
    words = (_folded(word) for word in _WORD.findall(latest.translate(_SPELLING)))
    return latest if any(word in _QUESTION_WORDS for word in words) else question


def latest_from(question: str) -> int:
    """Return where the last part of a question that was put together begins; 0 for any other."""
    before, between, _ = question.rpartition(_BETWEEN)
    return len(before + between)


def stands_alone(question: str, previous: str) -> bool:
    """Whether a question says itself what it is about."""
    if asks_for_overview(question):
        return not _BARE_OVERVIEW.fullmatch(question)
    said = _WORD.findall(question.translate(_SPELLING))
    words = [_folded(word) for word in said]
    text, expletives = _EXPLETIVE.subn(" ", " ".join(words))
    words = text.split()
    if not words or len(words) > _LONGEST or _YES_OR_NO.issuperset(words):
        return True
    content = content_words(text)
    asks = any(word in _QUESTION_WORDS for word in words)
    exclaims = "(" not in question and _EXCLAIMS.search(question)
    if exclaims and not asks and not _CONTINUES.match(text):
        return True
    if not content:
        return bool(expletives)
    if _refers_back(words, said, previous.translate(_SPELLING).casefold()):
        return False
    if _ABOUT.match(text) or (words[0] in _LEAD and not asks):
        return len(content) > 2
    if _names_a_topic(words, said, text):
        return True
    if words[0] in _LEAD or words[0] in _PREPOSITIONS or _NOMINAL_ONE.search(text):
        return len(content) > 1
    return True


def _folded(word: str) -> str:
    return word if word in _ABBREVIATIONS else word.casefold()


def _names_a_topic(words: list[str], said: list[str], text: str) -> bool:
    """Whether a question that begins like a follow-up says itself what it is about."""
    if len(words) < 2 or words[1] not in _QUESTION_WORDS:
        return False
    if words[0] in _PREPOSITIONS:
        return words[1] in _OF_WHAT
    names = any(word.istitle() and word.casefold() not in _LIGHT for word in said[1:])
    return words[0] in _LEAD and (names or bool(_NEW_TOPIC.match(text)))


def content_words(text: str) -> list[str]:
    """Return the words that say what a question is about."""
    words = (_folded(word) for word in _WORD.findall(text.translate(_SPELLING)))
    return [word for word in words if word not in _LIGHT]


def _refers_back(words: list[str], said: list[str], previous: str) -> bool:
    """Whether a pronoun stands for something that was named before, not in the question itself."""
    names = {word.casefold() for word in said[1:] if not word.islower()}
    named = 0
    for number, word in enumerate(words):
        before, after = words[max(0, number - 1)], words[number + 1 :]
        if (
            word in _PRONOUNS
            or (word in _DETERMINERS and not after)
            or (word == "there" and number and _BE.isdisjoint((before, *after[:1])))
        ):
            return named < 2
        if word in _DETERMINERS:
            follower = after[0]
            if follower not in _LIGHT and f" {follower[:_BEGINNING]}" in f" {previous}":
                return named < 2
        named += 2 if word in names - _LIGHT else word not in _LIGHT
    return False
