"""Messages that are no single question: small talk, who wrote an article and when, several at once.

Small talk is only where nothing else is said, so a question that begins with a greeting is a
question.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Literal

from embeddings import LONGEST_QUESTION, asked_together, retyped

Credit = Literal["author", "date"]
OF_WHAT_WAS_ASKED: tuple[str, ...] = ("use", "this")
"""Kinds that are about the bot only where nothing was asked before, such as "What is this?"."""

SAID: dict[str, str] = {
    "help": "help",
    "about": "start",
    "use": "help",
    "this": "start",
    "ask": "ask_away",
    "bye": "bye",
    "hello": "hello",
    "thanks": "welcome",
    "emoji": "only_emoji",
    "doubt": "word_for_word",
    "ok": "only_emoji",
    "yes_no": "other_words",
    "remark": "only_emoji",
}
"""Kinds of small talk, and the key of the text that is said to each."""

_LONGEST = 90
"""Characters of small talk; more of them are hardly nothing else."""
_MOST_WORDS = 8
"""Words of one phrase of small talk, at most."""
_BETWEEN_QUESTIONS = re.compile(r"(?<=[?？])\s+|\s*\n\s*")
_PAUSE = re.compile(r"(?!:\s)[^\w\s'’ʼ`]+\s+|\s*\n\s*")
_QUOTATION_MARK = re.compile(r"[\"“”„«»]")
_MARKS = " .!?…\"'“”„«»"
_WITHIN_A_SENTENCE = frozenset(",;-–—")
_BEGINNING = re.compile(
    r"(?:and|but|so|then|what|when|where|who|whose|why|how|which|is|are|was|were|do|does|did|can"
    r"|could|will|would|should|tell|please|а|і|й|и|та|але|но|ну|тоді|тогда|коли|де|хто|чий|як"
    r"|який|яка|яке|які|якого|скільки|чому|навіщо|звідки|куди|чи|скажи|скажіть|підкажи|підкажіть"
    r"|когда|где|кто|чей|как|какой|какая|какое|какие|сколько|почему|зачем|откуда|куда|скажите"
    r"|подскажи|подскажите)(?!\w)",
    re.IGNORECASE,
)
"""How a question begins. Not with "що" or "что", which may mean "that" after a comma."""
_COURTESIES = ("ask", "hello", "thanks", "ok", "yes_no", "remark")
_SHORTEST = 3
"""Words of a question that stands for itself; a shorter one may belong to the one before."""
_SHORTEST_RETYPED = 4
"""Characters of small talk in another keyboard layout; "JR" is not "ок"."""
_NO_WORD = re.compile(r"[^\w\s]+")
_HELD_DOWN = re.compile(r"([^\W\d_])\1{2,}")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")

_SMALL_TALK: dict[str, str] = {
    "help": r"""
        menu | commands | help( me)? | i need help | (can|could) you help( me)?
        | what (can|do) you do | what are you able to do | how (does|do) (you|the bot|this bot) work
        | how (do|can|should) i (use|ask)( you| the bot| this bot)?
        | how to (use|ask)( you| the bot| this bot)?
        | what (can|should|may) i ask( you)?( about)?
        | меню | команди | команды | допоможи(те)?( мені)? | (потрібна )?допомога | довідка
        | (чим )?(ти |ви )?(можеш|можете)( мені)? допомогти( мені)?
        | що (ти |ви )?(вмі|умі)(єш|єте)( робити)?
        | що (ти |ви )?(можеш|можете)( робити)? | як (тобою |ботом )?(користуватися|користуватись)
        | як (ти|бот|цей бот) (працює|працюєш)
        | як (тебе |вас )?(питати|запитувати|запитати|спитати)
        | (про )?що (в |у )?(тебе |вас )?(можна|можу) (запитати|спитати|питати|запитувати)
        | помоги(те)?( мне)? | (нужна )?помощь | справка
        | (чем )?(ты |вы )?(можешь|можете)( мне)? помочь( мне)?
        | что (ты |вы )?уме(ешь|ете)( делать)?
        | что (ты |вы )?(можешь|можете)( делать)? | как (тобой |ботом )?пользоваться
        | как (ты|бот|этот бот) (работает|работаешь) | как (тебя |вас )?(спрашивать|спросить)
        | (о |у )?(что|чем) (у )?(тебя |вас )?(можно|могу) (спросить|спрашивать)
    """,
    "about": r"""
        who (are|r) (you|u) | what are you | what(s| is) this bot
        | what(s| is) your name | introduce yourself | tell me about yourself
        | are you (a |an )?(bot|robot|human|real|alive|ai|chatgpt|machine|person)
        | how old are you | who (made|created|built|wrote) you
        | what do you know( about)? | what are you about
        | (what|which) articles? (do you have|are there|do you know) | what do you have
        | (a |the )?(list of( all)?( the)?|list( all)?( the)?|show( me)?( all)?( the)?) articles
        | article list | start | begin
        | (хто|що) (ти|ви)( такий| така| такі| таке)? | (ти|ви) хто( такий| така)?
        | як (тебе|вас) (звати|звуть) | (що )?(це|ти) за бот
        | (ти|ви) (бот|робот|людина|жива людина)( чи (бот|робот|людина|жива людина))?
        | (ти|ви) (живий|жива|живі|справжній|справжня)
        | (список|перелік)( всіх| усіх)? статей | покажи(те)?( мені)?( всі| усі)? статті
        | почати | розпочати | старт
        | скільки тобі років | хто тебе (створив|зробив|написав)
        | (що|про що) (ти|ви) (знаєш|знаєте)
        | розкажи(те)? про себе | які (є )?(в|у) (тебе|вас) (є )?статті
        | які статті (в|у) (тебе|вас)( є)? | які (є|маєш|маєте) статті
        | які статті (є|маєш|маєте|знаєш|знаєте)
        | (кто|что) (ты|вы)( такой| такая| такие| такое)? | (ты|вы) кто( такой| такая)?
        | как (тебя|вас) зовут | (что )?(это|ты) за бот
        | (ты|вы) (бот|робот|человек|живой человек)( или (бот|робот|человек|живой человек))?
        | (ты|вы) (живой|живая|живые|настоящий|настоящая)
        | (список|перечень)( всех)? статей | покажи(те)?( мне)?( все)? статьи | начать | начнем
        | сколько тебе лет | кто тебя (создал|сделал|написал)
        | (что|о чем|про что) (ты|вы) (знаешь|знаете)
        | расскажи(те)? о себе | какие (есть )?у (тебя|вас) (есть )?статьи
        | какие статьи у (тебя|вас)( есть)? | какие есть статьи
        | какие статьи (есть|знаешь|знаете)
    """,
    "use": r"""
        how (does|do) (this|it|all this) work | how (to|do i|can i|should i) use (this|it)
        | як (це|все це|воно) працює | як (цим|ним|нею) (користуватися|користуватись)
        | как (это|все это|оно) работает | как (этим|им|ей) пользоваться
    """,
    "this": r"""
        what(s| is) this | що це( таке)? | что это( такое)?
    """,
    "ask": r"""
        (can|may|could) i ask( you)?( a question| one question| something)?
        | (i have|ive got|got) a( quick)? question | quick question
        | (i want|i would like|id like) to ask( you)?( a question| something)
        | можна( у вас| вас| тебе)? (запитати|спитати|(поставити )?(одне )?(питання|запитання))
        | (у|в) мене( є)?( одне)? (питання|запитання) | маю( одне)? (питання|запитання)
        | хочу( вас| тебе)? (запитати|спитати|поставити (питання|запитання))
        | можно( у вас| вас| тебя)? (спросить|(задать )?(один )?вопрос)
        | у меня( есть)?( один)? вопрос | есть вопрос | хочу( вас| тебя)? (спросить|задать вопрос)
    """,
    "bye": r"""
        stop | take care | all the best | have a (nice|good|great) (day|evening|night|weekend|one)
        | bye( bye)? | good ?bye | good night | see (you|ya)( later| soon| tomorrow)? | farewell
        | бувай(те)? | до побачення | до зустрічі | до завтра | на добраніч | добраніч | доброї ночі
        | прощавай(те)? | пока( пока)? | до свидания | до встречи | спокойной ночи | доброй ночи
        | прощай(те)? | стоп | досить | хватит | до скорого
        | (гарного|хорошого|чудового|приємного) (дня|вечора) | (в|у)сього (доброго|найкращого)
        | на все добре | (хорошего|доброго|приятного) (дня|вечера) | всего (доброго|хорошего)
        | poka( poka)? | do svidani[yj]?a | do pobachenn?[yi]a
        | да пабачэння | бывай(це)? | сау бол(ыңыз)?
    """,
    "hello": r"""
        hi | hello | hey | hiya | howdy | yo | greetings | good (morning|afternoon|evening|day)
        | how are you( doing)?( today)? | how(s| is) it going | whats up | sup | how do you do
        | nice to meet you | are you (there|here) | any(body|one) (here|there)
        | привіт(ик|ики|ання)? | вітаю( вас| тебе)? | здрастуйте | здоровенькі були | хай
        | салют | агов | добр(ий|ого) (день|дня|ранок|ранку|вечір|вечора)
        | (вечір|день|ранок) добрий
        | доброго (здоровя|часу доби)
        | як (справи|ти|ся маєш|життя) | ти тут | є хто | хто тут
        | привет(ик|ики)? | приветствую( вас| тебя)? | здравствуй(те)? | здорово
        | здрась?те | прывітанне | добры дзень | с[аә]лем(етсіз бе)?
        | добр(ый|ое|ого) (день|дня|утро|утра|вечер|вечера) | (вечер|день) добрый
        | доброго времени суток | как (дела|ты|жизнь|поживаешь) | ты тут | есть кто | кто тут
        | pr[iy]vi?e?t | zdravstvu[iyj](te)? | kak dela | yak spravy | dobry[yi]? den
    """,
    "thanks": r"""
        thanks | thank you | thankyou | thx | tnx | ty | cheers | much appreciated
        | (great|good|nice|cool|perfect|awesome|excellent|wonderful)( job| work| answer)?
        | well done | super | appreciate it | (very |really )?helpful
        | (that |it |this |you )?(really )?(helped|helps)( me)?
        | дякую | дякуємо | дяки | дяка | спасибі | вдячний | вдячна | супер | класно | чудово
        | молодець | круто | (ви |ти )?(мені )?(дуже )?(допоміг|допомогла|допомогли|допомогло)
        | спасибо | спасибочки | благодарю( вас| тебя)? | спс | пасиб | пасибо | классно | отлично
        | молодец | (вы |ты )?(мне )?(очень )?(помог|помогла|помогли|помогло)
        | spasibo? | d[yi]aku[yi]u | дзякуй | рахмет
    """,
    "doubt": r"""
        really | seriously | (are )?you (quite |really )?sure
        | is (that|this|it) (really )?(true|so|right|correct)
        | справді | невже | хіба | точно | (а |ну |це )*правда
        | (ти |ви )?(впевнен(ий|а|і)|певен|певн[аі])
        | действительно | неужели | разве | серьезно | (это )?правда | (ты |вы )?уверен[аы]?
    """,
    "ok": r"""
        ok | okay | k | got it | i see | understood | clear | all ?right | sorry | excuse me
        | yes | yeah | yep | так | да | ага | угу | no problem
        | добре | ок | окей | зрозуміло | зрозумів | зрозуміла | ясно | гаразд
        | вибач(те)? | пробач(те)? | перепрошую
        | хорошо | понятно | понял | поняла | ладно | извини(те)? | прости(те)?
    """,
    "yes_no": r"""
        no | no good | nope | nah | ні | нет | неа | (that|it)( i)?s not true
        | i do ?nt (understand|believe you) | не розумію | не понимаю | (це |это )?неправда
        | ти брешеш | ты врёшь | ты врешь
        | not that | wrong( answer)? | (it |that |this )?(didnt|did not|doesnt) help | not helpful
        | (its|thats|this is|that is) (wrong|not it|not what i asked|not the( right)? answer)
        | (це )?не (те|та відповідь) | (це )?не допомогло | неправильно
        | (это )?не (то|тот ответ) | (это )?не помогло | неверно
    """,
    "remark": r"""
        test | (that|it)( i)?s (expensive|cheap) | (ax|ах)(ах)+а? | тест
        | дорого | дешево | хороший ответ | гарна відповідь | нема за що | не за что
        | lol | lmao | rofl | omg | wow | whoa | (ha|he|ха|хе|хі|хи){2,} | ha | ха | hm+ | хм+
        | not bad | no way | oh my( god)? | of course | never mind | no problem | so what | it works
        | (how |so |too )?(funny|sad|weird|hilarious|impressive|interesting)
        | (so|too|very|really) (good|nice|cool|cute|bad|sweet|kind|great)
        | how (nice|cute|sweet|kind)
        | ((you|they)( a)?re|(it|that|this)( i)?s|(it|that|this) was)( so| very| really| too| a)*
        (funny|smart|clever|silly|stupid|dumb|boring|interesting|amazing|awesome|great|good|nice|cool
        |cute|bad|sad|weird|strange|crazy|sweet|kind|perfect|fantastic|impressive|hilarious|useless
        |brilliant|wonderful|genius|the best|joke|fun|true|right|all)
        | (good|nice|great) one | i (love|like|hate) (it|this|you)
        | лол | ого | овва | вау | нічого собі | не ?погано | та (ну|ладно|невже) | ну (й|и) ну
        | оце (так|да) | шкода | на жаль | звичайно | звісно | без проблем | жесть
        | прикол | кайф | блін
        | (це |дуже |так |як |яка |який |ну )*(смішно|цікаво|дивно|сумно|прикольно|класно|круто
        |погано|жахливо|неймовірно|файно|гарно|правда|краса|жах)
        | (який |яка |а |ну |от )*(ти|ви)( такий| така| такі| дуже| справді| просто)*
        (смішн|розумн|кумедн|дурн|крут|класн|мил|чудов|найкращ|геніальн)(ий|а|і)
        | ничего себе | не ?плохо | да (ну|ладно) | вот это да | жаль | к сожалению | конечно
        | класс | офигеть | обалдеть | блин
        | (это |очень |так |как |какая |какой |ну )*(смешно|интересно|странно|грустно|прикольно
        |классно|круто|плохо|ужасно|невероятно|здорово|красиво|правда|красота|ужас)
        | (какой |какая |а |ну )*(ты|вы)( такой| такая| такие| очень| правда| просто)*
        (смешн|умн|забавн|глуп|крут|классн|мил|чудесн|лучш|гениальн)(ой|ый|ий|ая|ые|ие)
    """,
}
"""What people say, as regular expressions over lower-case words. Of the kinds that occur in a
message the first counts."""

_BESIDES = r"""
    there | everyone | everybody | all | bot | dear | friends? | again | please | pls | so | oh | ah
    | (so |very )?much | a lot | many | well | and | then | now | today | that was | its
    | for (the|your) (help|answer|information) | for helping( me)?
    | дуже | щиро | велике | вам | тобі | всім | усім | друже | боте? | ще раз
    | будь ласка | ну | а | і
    | за (допомогу|відповідь|інформацію) | тоді | все | це
    | очень | большое | огромное | тебе | всем | друг | бот | еще раз | пожалуйста
    | за (помощь|ответ|информацию) | тогда | и | это
"""
"""What may stand beside it and asks nothing."""

_CREDITS: dict[Credit, str] = {
    "author": r"""
        (who wrote|who has written|who is the author|whos the author|who authored)
        ( of| this| that| the| it| article| text| story)* | who is( it| this) by | (the )?authors?
        | (хто|який|яка) (це )?(автор\w*|(на)?писав|(на)?писала|(на)?писали)
        ( цієї| цього| цю| цей| це| її| його| статті| статтю| текст| тексту| матеріалу?)*
        | автори?( цієї| статті| тексту| хто)*
        | (кто|какой) (это )?(автор\w*|(на)?писал|(на)?писала|(на)?писали)
        ( этой| этого| эту| этот| это| ее| его| статьи| статью| текста?| материала?)*
        | авторы?( этой| статьи| текста| кто)*
    """,
    "date": r"""
        when (was|is)( it| this| that| the| article| text| story)* (published|written|posted)
        | (whats |what is )?the (publication )?date( of| the| this| article| text)*
        | publication date
        | коли( це| її| його| цю| цей| ця| стаття| статтю| текст| матеріал| було| була| був)*
        (опублік\w+|публікува\w+|(на)?писа\w+|вийш\w+)
        ( це| цю| ця| її| його| стаття| статтю| текст)*
        | (яка )?дата( публікації| виходу| написання| цієї| статті| тексту)+
        | когда( это| ее| его| эту| этот| эта| статья| статью| текст| материал| было| была| был)*
        (опублик\w+|публикова\w+|(на)?писа\w+|вышл?\w+)
        ( это| эту| эта| ее| его| статья| статью| текст)*
        | (какая )?дата( публикации| выхода| написания| этой| статьи| текста)+
    """,
}


def small_talk_in(text: str, titles: Iterable[str] = ()) -> str | None:
    """Return what kind of small talk a message is; None where it may be a question.

    It may have been typed in another keyboard layout, such as "Ghbdsn" for "Привіт". The title of
    an article, such as "Правда", asks for it.
    """
    if len(text) > _LONGEST:
        return None
    words = _words(text).split()
    if not words:
        return "emoji" if any(unicodedata.category(char) == "So" for char in text) else None
    kinds = _kinds(words)
    if "?" in text:  # "How sad!" asks nothing, and "How sad?" may
        kinds -= {"remark"}
    if not kinds and len(text) >= _SHORTEST_RETYPED:
        kinds = frozenset().union(*(_kinds(_words(other).split()) for _, other in retyped(text)))
    said = text.strip(_MARKS).casefold()
    if kinds and any(title.strip(_MARKS).casefold() == said for title in titles):
        return None
    return next((kind for kind in _SMALL_TALK if kind in kinds), None)


def credit_in(text: str) -> Credit | None:
    """Return whether a message asks who wrote an article, or when; None where it asks for more."""
    words = _words(text) if len(text) <= _LONGEST else ""
    return next((credit for credit in _CREDITS if _credit(credit).fullmatch(words)), None)


def questions_in(text: str) -> list[str]:
    """Return the questions of a message that asks several, one a line or sentence; else all of it.

    What is said besides may belong to any of them, so it makes them one; a question of a word or
    two belongs to the one before, and one that is repeated counts once. A message that is too long
    for a question is left as it is.
    """
    if len(text) > LONGEST_QUESTION:
        return [text]
    pieces = [piece for piece in _BETWEEN_QUESTIONS.split(text) if piece]
    pieces = [piece for piece in pieces if small_talk_in(piece) in (None, *OF_WHAT_WAS_ASKED)]
    if not all(piece.endswith(("?", "？")) for piece in pieces):
        return [text]
    questions: list[str] = []
    for piece in pieces:
        if questions and _belong_together(questions[-1], piece):
            questions[-1] += f" {piece}"
        elif all(piece.casefold().rstrip("?") != one.casefold().rstrip("?") for one in questions):
            questions.append(piece)
    return questions or [text]


def _belong_together(question: str, following: str) -> bool:
    """Whether two questions are one, as "Price?" and "For a child?" are, and "Why?" after any."""
    shorter, longer = sorted(map(_word_count, (question, following)))
    if shorter >= _SHORTEST:
        return False
    return longer < _SHORTEST or asked_together(following, question) is not None


def _word_count(text: str) -> int:
    return len(_words(text).split())


def without_courtesy(text: str) -> str:
    """Return a question without the greeting or thanks before it, "Why?" of "Thanks! Why?".

    They are left where they may belong to what is asked, as in "Hello, Dolly".
    """
    if small_talk_in(text) not in (None, *OF_WHAT_WAS_ASKED):
        return text
    cut = 0
    for pause in _PAUSE.finditer(_QUOTATION_MARK.split(text[:_LONGEST])[0]):
        end = pause.end()
        if small_talk_in(text[:end]) in _COURTESIES and _begins(text, end, pause[0]):
            cut = end
    return text[cut:]


def _begins(text: str, start: int, pause: str) -> bool:
    """Whether a question begins at this place, which a pause stands before."""
    is_sentence = pause.strip() not in _WITHIN_A_SENTENCE and text[start : start + 1].isupper()
    return is_sentence or "\n" in pause or bool(_BEGINNING.match(text, start))


def _words(text: str) -> str:
    """Return the words in lower case, one space apart; a letter held down counts once."""
    text = _NO_WORD.sub(" ", text.casefold().translate(_APOSTROPHES)).replace("ё", "е")
    return " ".join(_HELD_DOWN.sub(r"\1", text).split())


def _kinds(words: list[str]) -> frozenset[str]:
    """Return the kinds of the phrases that words consist of; none where there is anything else.

    Of several readings the one with the longest phrases counts. What the words from a place on
    consist of is found once, from the end, so that the time grows with the number of words.
    """
    kinds: list[frozenset[str] | None] = [*[None] * len(words), frozenset()]
    for start in reversed(range(len(words))):
        for end in range(min(start + _MOST_WORDS, len(words)), start, -1):
            rest = kinds[end]
            phrase = rest is not None and _phrase().fullmatch(" ".join(words[start:end]))
            if rest is not None and phrase:
                kinds[start] = rest | {str(phrase.lastgroup)}
                break
    return kinds[0] or frozenset()


@cache
def _phrase() -> re.Pattern[str]:
    phrases = [*_SMALL_TALK.items(), ("besides", _BESIDES)]
    return re.compile("|".join(f"(?P<{kind}>{_alternatives(said)})" for kind, said in phrases))


@cache
def _credit(credit: Credit) -> re.Pattern[str]:
    return re.compile(f"(?:(?:and|а|і|и) )?(?:{_alternatives(_CREDITS[credit])})")


def _alternatives(phrases: str) -> str:
    """Return phrases that are written over several lines as one regular expression."""
    return " ".join(phrases.split()).replace(" ( ", "( ").replace(" | ", "|")
