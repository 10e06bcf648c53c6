"""What a sentence says: a reason, a rule, an order or a place, as its words tell."""

import re

from embeddings.text.amounts import words

REASON = re.compile(
    r"(?-i:(?<=[^|\n]{20}): [а-яёіїєґ])"
    r"|(?<!\w)(?:because|since(?! \d)|as (?:it|he|she|they|the)|due|owing|thanks|so that|in order"
    r"|so (?:you|we|they|he|she|it)|caus\w+|reasons?|therefore|thus|hence|result\w*|otherwise"
    r"|named after|in honou?r|after|на честь|в честь|для|тому|бо|оскільки|через(?! \d)|щоб\w*|аби"
    r"|завдяки|внаслідок|причин\w+|адже|отже|інакше|потому|поэтому|поскольку|так как|из-за|чтоб\w*"
    r"|ведь|благодаря|вследствие|иначе|weil|denn|damit|wegen|grund|deshalb|porque|debido|ya que"
    r"|parce|car)(?!\w)",
    re.IGNORECASE,
)
"""A reason; in Ukrainian and Russian it may follow a colon."""
RULES = words(
    r"no way|allow\w*|permit\w*|permission|forbid\w*|prohibit\w*|banned|welcome|must(?:n['’]t)?"
    r"|may(?= \w)|can(?:not|['’]t)?|not (?:accepted|admitted|possible)|(?:do|does) not|don['’]t"
    r"|require[ds]?|mandatory|obligatory|compulsory|need(?:ed|s)?|ha(?:ve|s) to|optional|refuse\w*"
    r"|only|except",
    r"(?:не)?можна|(?:не)?можлив\w+|заборон\w+|дозв[оі]л\w+|допуска\w+|пуска\w+|мож(?:е|уть|ете|емо)"
    r"|повин\w+|мус\w+|обов['’]язков\w+|потрібн\w+|треба|необхідн\w+|не слід|лише|тільки|крім"
    r"|не (?:\w+[уюая]ть(?:ся)?|\w+[еє]мо?(?:ся)?)",
    r"можно|нельзя|(?:не)?возможн\w+|запре[щт]\w+|разреш\w+|пуст\w+|мо(?:жет|гут|жете|жем)|вправе"
    r"|долж\w+|обяза\w+|нуж[её]н|нужн\w+|надо|необходим\w*|следует|только|кроме|требу\w+"
    r"|не \w+(?:[уюая]т(?:ся)?|[еёи]м(?:ся)?)",
    r"erlaubt|verboten|gestattet|darf|dürfen|untersagt|muss|müssen|permit\w+|prohib\w+|se puede",
)
"""Words of a sentence that says what is allowed, forbidden or needed."""
ORDERS = re.compile(
    r"(?<!\w)(?:must|should|need to|ha(?:ve|s) to|please|do not|don['’]t|at once|immediately"
    r"|треба|потрібно|слід|необхідно|повин\w+|муси\w+|нужно|надо|следует|необходимо|долж\w+"
    r"|\w{2,}(?:іть|[йь]те)(?:ся)?|(?!хотите|видите)\w{2,}(?:ите|[йь]те)(?:сь)?)(?!\w)"
    r"|(?:^|[.,;:!?–—] |(?<!\w)(?:then|and|or|first) )(?:call|phone|dial|contact|tell|ask|report"
    r"|write|inform|notify|press|push|pull|turn|switch|unplug|remove|replace|check|clean|rinse|wash"
    r"|wait|stop|leave|stay|keep|take|bring|go|come|return|send|open|close|show|fill|use|restart"
    r"|reset|hold|apply|see|pay|wipe|cool|put|let|ring|move|try|make|get)(?!\w)",
    re.IGNORECASE,
)
"""Words of a sentence that says what is to be done."""
PLACE = words(
    r"(?:is|are|was|were|lies?|stands?) (?:in|on|at|near|by|next|opposite|behind|beside|between"
    r"|outside|inside|under|above|beneath)|located|situated|address|street|road|square|avenue|lane",
    r"знаход\w+|розташ\w+|розміщ\w+|стоїть|лежить|адрес\w+|вул\.?|вулиц\w+|площ[аіу]\w*|біля|поруч"
    r"|навпроти|на \w+ поверсі",
    r"наход\w+|располож\w+|размещ\w+|стоит|лежит|ул\.?|улиц\w+|площад\w+|возле|рядом|напротив|около"
    r"|на \w+ этаже|(?:в|у|на|под|під|за|из|з|із|от|від) (?:\w+ )?(?:кабінет\w+|кабинет\w+|зал\w+"
    r"|кімнат\w+|комнат\w+|будинк\w+|дом[еу])",
    r"(?-i:(?:[Ii]n|[Aa]t|near|under|from|to|[ВвУу]|[Нн]а|під|под|біля|із|з|из|від|от) (?:the )?"
    r"[A-ZА-ЯЁІЇЄҐ]\w+)",
)
"""Words of a sentence that says where something is."""
