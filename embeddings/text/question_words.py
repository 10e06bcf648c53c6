"""The words by which a question asks for a kind of answer: a price, a date, a person, a reason."""

import re

from embeddings.text.amounts import words

ASKS_YEAR = words(
    r"what year(?! of)|(?:in|since|from|by) which year|which year (?:did|was|were)"
    r"|(?:у|в) якому році|якого року|(?:в|с|к) каком году|какого года"
    r"|welche[ms] jahr|qué año|quelle année|którym roku|che anno|hangi yıl\w*|ce an|que ano",
)
ASKS_DATE = words(
    r"when|(?:what|which) (?:date|day|month|century)|коли|когда"
    r"|(?:яка|яку|якого|якої|якою|якій|какая|какую|какого|какой) (?:дат|числа|дня)\w?"
    r"|(?:яким|якому|каким|какому) (?:числ|дн)\w+|на (?:яке|какое) число"
    r"|what(?:['’]s| is| was) the (?:\w+ ){0,2}deadline|(?:який|какой|каков) (?:дедлайн"
    r"|(?:крайн|кінцев|граничн|предельн)\w+ (?:термін|строк|срок))"
    r"|wann|cuándo|quand|quando|kiedy|când|ne zaman"
    r"|πότε|quelle date|qué fecha|кога|kdy|wanneer|När",
)
ASKS_MONEY = words(
    r"how much (?:\w+ ){0,6}(?:cost|costs|pay|paid|price|worth|money|earn|charge)\w*",
    r"what(?:['’]s| (?:is|was|are|were)) (?:(?!included|in )\w+ ){0,3}"
    r"(?:price|cost|fee|fare|salary)\w*(?! cent)",
    r"what (?:price|fee|fare|salary) (?:is|was|do|does|did|must|will)",
    r"what (?:do|does|did|will|would) (?:(?!do |to )[\w'’-]+ ){1,6}cost",
    r"скільки (?:грошей|коштів)|сколько (?:денег|средств)",
    r"скільки (?:\w+ )?кошту\w+|по чому|почому|почём|сколько (?:будет )?сто(?:ит|ят|ил\w?|ило|ить)",
    r"(?:яка|якою|какая|какова) (?:\w+ )?(?:ціна|вартість|цена|стоимость)",
    r"wie ?viel koste\w+", r"cuánto (?:cuesta|costó)\w*", r"combien coût\w+",
)  # fmt: skip
ASKS_SUM = words(
    r"how much (?:(?:is|are|was|were|will|would)(?! (?:\w+ ){0,4}(?:discount|rate|tax|vat|interest"
    r"|weight|volume|left|too|enough|known)(?!\w))|for (?:a|an|the|one)|(?:\w+ ){1,3}charged?)"
    r"|how expensive",
    r"(?:скільки|сколько) (?:(?:\w+ ){0,3}(?:за|с)?пла[тч]\w+|(?:із?|з|с) (?:мене|нас|меня)"
    r"|за вх\w+)",
)
"""What asks for a sum in all likelihood."""
ASKS_WEIGHT = words(
    r"how (?:heavy|much (?:\w+ ){1,5}weigh\w*)|(?:what|which)(?:['’]s| is| was)? (?:\w+ ){0,2}"
    r"(?:weight|mass)(?! (?:limit|media|loss))"
    r"|(?:скільки|сколько) (?:\w+ ){0,2}(?:важ|вес)[аиія]\w+"
    r"|як(?:а|у|ою) (?:\w+ ){0,2}(?:ваг|мас)(?:а|у|ою)"
    r"|как(?:ая|ой|ов|ова|ую) (?:\w+ ){0,2}(?:вес|масс[ау])",
)
ASKS_VOLUME = words(
    r"(?:what|which)(?:['’]s| is| was)? (?:\w+ ){0,2}volume(?! of (?:trade|sales|work))"
    r"|(?:як|как)(?:ий|ой|ов|им) (?:\w+ ){0,2}(?:об['’]єм|об['’ъ][её]м)\w*(?! (?:роб|продаж|торг))",
)
ASKS_NUMBER = words(
    r"how (?:many|much|old|long|far|large|big|tall|high|often|fast|heavy|wide|deep)",
    r"(?:what|which) (?:\w+ ){0,2}(?:number|population|amount|height|length|speed|size)",
    r"скільк\w+", r"скольк\w+", r"wie ?(?:viele?\w?|alt|lange?|hoch|groß|weit|oft|schwer)",
    r"cuánt[oa]s?", r"combien", r"quant[oaie]", r"ile", r"ilu", r"cât[eăi]?", r"kaç", r"πόσ\w+",
    r"hoeveel", r"kolik", r"colik\w*", r"quantas?", r"наскільки", r"насколько",
)  # fmt: skip
COUNTED = re.compile(
    r"(?<!\w)(?:how many|скільк(?:и|ох)|скольк(?:о|их))"
    r"(?: (?:of|the|more|other|он|ей|им|їм|нам|вам|мені|мне|йому|ему|їй|их|їх|тут|там"
    r"|(?:в|во|у|на|з|із|зі|с|из|від|от|до|для|за|по|під|под) [\w'’-]+)(?!\w))*"
    r"((?: (?!(?:are|is|was|were|be|do|does|did|can|could|will|would|shall|should|may|might|must"
    r"|has|have|had|there|in|of|on|at|for|to|from|by|with|per|each|every|an?|the|and|or|if|i|you|we"
    r"|they|he|she|it|my|your|his|her|our|their|this|that|these|those|who|which"
    r"|в|у|во|к|от|на|із?|з|с|из|від|до|для|за|під|под|он|он[аи]|ей|им|їм|нам|вам|их|їх|тут|там"
    r"|\w*[а-яёіїєґ]ть?(?:ся)?|был|дал|жил|\w{2,}[аеияу]л(?:ся)?|\w+[аи]в(?:ся)?)(?!\w))"
    r"(?:[a-z'’-]*[a-z]|[\w'’-]*[^\W\da-zаеєиіоуюяы])(?![\w'’-])){1,4})",
    re.IGNORECASE,
)
"""What is counted, up to a verb; in Ukrainian and Russian, what is measured ends in a vowel."""
COUNTED_HEAD = words(r"\w+[^s\W]s|people|(?:wo)?men|children|[а-яёіїєґ'’-]+(?<![иыії]х)")
"""The thing among the words for what is counted, not what describes it."""
_NO_SPACE = (
    r"(?: [^\W\d]+){0,4} (?:fee|fine|price|rent|deposit|salar|cost|tax|inflation|interest|rate"
    r"|film|movie|course|contract|stay|visit|password|фільм|фильм|парол|черги|очеред|курсу?"
    r"|контракт|договор|строк|срок|уро[кч])"
)
"""What is high or long in another way, after the word that asks."""
ASKS_LENGTH = words(
    rf"how (?:tall|high|wide|deep)(?!{_NO_SPACE})"
    rf"|(?:what|which) (?:\w+ ){{0,2}}(?:length|height|depth|width)(?!{_NO_SPACE})"
    r"|(?:як|как)(?:а|ая|ова|ой|ий) (?:\w+ )?(?:довжина|висота|глибина|ширина|длина|высота"
    rf"|глубина|ширина)(?!{_NO_SPACE})|ск[іо]льк[ио] (?:кіло|кило)?метр\w+"
    r"|wie (?:hoch|tief|breit)",
)
ASKS_DISTANCE = words(
    rf"how far(?!{_NO_SPACE})|(?:яка|какая|каково|какое) (?:\w+ )?(?:відстань|расстояние)|wie weit",
)
ASKS_DURATION = words(
    r"how (?:long|quickly|soon) (?:does|do|did|will|would|can|may|must|should|has|have|before|after"
    r"|until|in advance)|how long (?:is|are|was|were) (?:\w+ ){1,4}(?:valid|open|closed|kept|stored"
    r"|held|away)|how long (?:is|was) (?:\w+ ){0,3}(?:break|visit|tour|flight|trip|journey|lesson"
    r"|course|class|film|stay|trial|term|shift|warranty|guarantee|contract|wait|war|reign)"
    r"|for how long|how (?:many|much) (?:\w+ )?(?:time|seconds|minutes|hours|days|nights|weeks"
    r"|months|years)(?! old)|(?:what|which) (?:\w+ ){0,2}(?:duration|warranty period)",
    r"як (?:довго|надовго|швидко)|(?:який|якого) (?:\w+ )?(?:термін|строк)|на який (?:термін|строк"
    r"|час)|за який (?:час|термін|строк)|(?:протягом|впродовж) якого|за скільки до"
    r"|скільки (?:часу|секунд|хвилин|годин|днів|діб|тижнів|місяців)|(?:за|на|через) скільки років"
    r"|скільки (?:[\w'’]+ ){0,3}(?:трива\w+|займ\w+|зайня\w+|діє|діятиме|дійсн\w+|зберіга\w+"
    r"|чекати|їхати|йти|варити|сохне|готу\w+)",
    r"как (?:долго|надолго|быстро)|(?:какой|какого) (?:\w+ )?срок|на какой срок"
    r"|за как(?:ое время|ой срок)|в течение какого|за сколько до"
    r"|сколько (?:времени|секунд|минут|часов|дней|суток|недель|месяцев)|(?:за|на|через) сколько лет"
    r"|сколько (?:\w+ ){0,3}(?:дл[ия]т\w+|длил\w+|продлит\w+|занима\w+|займ[её]т\w*|занял\w*"
    r"|действ\w+|хран\w+|ждать|ехать|идти|варить|сохнет|готов\w+)",
    r"wie lange|cuánto (?:tiempo|dura|tarda)\w*",
)
ASKS_HOW_LONG = words(r"how long|wie lange?|(?:як|как) (?:довго|долго|надовго|надолго)")
ASKS_CLOCK = words(
    r"what time(?! (?:zone|of|signature|period|frame|limit|scale)s?(?!\w))|at what hour|о котрій"
    r"|котра година|з котрої|до котрої|в котором часу|(?:до|со) скольки(?! лет)"
    r"|во сколько(?! (?:раз|лет|дней|обо[шй]\w+|\w+[оеё]в)(?!\w))|um wie ?viel uhr",
)
_TELL = r"^\W*(?:(?:п[іо]дскаж|підкаж|ск[ао]ж)\w+,? (?:(?:будь ласка|пожалуйста),? )?)?"
_HOURS = r"(?:(?:opening|working|office|business) hours)"
_HOURS_OF_WORK = (
    r"(?:години|графік|режим|часы|график) (?:роботи|работы)"
    r"(?!.* (?:вибр|обр|выбр|кращ|лучш|мож|змін|измен|встанов|устан))"
)
ASKS_HOURS = words(
    rf"(?:what(?:['’]s| is| are| were| was)?|which) (?:(?:the|your|its|their|our|current|normal"
    rf"|usual|regular|new|summer|winter|holiday|[\w-]+['’]s?) ){{0,3}}(?:[\w-]+ly )?{_HOURS}",
    rf"^\W*(?:the |your )?{_HOURS}(?=\W*$| (?:of|at|in|on|for) )",
    rf"(?:як|как)(?:ий|ой|ов|овы|і|ие) (?:(?:у|в) [\w-]+ |(?:ваш\w?|зараз|тепер|сейчас|теперь"
    rf"|нов\w+|літн\w+|летн\w+|зимов\w+|зимн\w+) ){{0,2}}{_HOURS_OF_WORK}",
    rf"{_TELL}{_HOURS_OF_WORK}",
    r"(?:was sind|wie sind|welche) (?:[\w-]+ ){0,2}öffnungszeiten|^\W*öffnungszeiten",
    r"(?:cuál(?:es)? (?:es|son)|qué) (?:(?:el|los|su|sus|vuestro) )?horarios?|^\W*horarios?",
)
"""What asks for the hours themselves, not for who sets them or whether they change."""
ASKS_TEMPERATURE = words(
    r"(?:what|which) (?:\w+ ){0,2}temperature\w*", r"how (?:warm|hot|cold)",
    r"(?:як\w+|как\w+) (?:\w+ )?температур\w+", r"welche temperatur",
)  # fmt: skip
_WHAT = (
    r"(?:(?:what|which)(?! (?:if|happens|should|can|do|does|will)\b)(?:['’]s)?|(?:як|как)(?:ий|ой|а"
    r"|ая|у|ую|им|ою|ому|ом|ій)|підкажіть|скажіть|подскажите|скажите|дайте) (?:[\w'’-]+ ){0,4}"
)
ASKS_PHONE = words(
    rf"{_WHAT}(?:(?:tele)?phone numbers?|телефон(?:у|а|ом|і|е)?)",
    r"^\W*(?:[\w'’-]+ ){0,4}(?:tele)?phone numbers?(?= (?:of|for)|\W*$)",
    r"^\W*(?:\w+н\w+ |ваш )?(?:номер\w* )?телефону?(?!.*мож(?:на|но))",
    r"telefonnummer", r"(?:número de )?teléfono",
)  # fmt: skip
ASKS_EMAIL = words(
    rf"{_WHAT}(?:e-?mail address(?:es)?|(?:електронн|электронн)\w+ (?:адрес|пошт|почт)\w*"
    r"|[іи]мейл\w*)", r"(?:який|какой) (?:\w+ ){0,3}e-?mail",
    r"what(?: is|['’]s) (?:the|your|their) (?:[\w'’-]+ ){0,3}e-?mail",
    r"^\W*(?:[\w'’-]+ ){0,4}e-?mail (?:address(?:es)?(?: (?:of|for)|\W*$)|of|for)",
    r"^\W*(?:(?:електронн|электронн)\w+ (?:адреса?|пошта|почта)|[іи]мейл)",
)  # fmt: skip
ASKS_NO_CONTACT = re.compile(
    r"(?<!\w)(?:buy|best|куп\w+|придба\w+|о?в?[иы]?бра\w+|(?:най)?кра[щі]\w+|лучш\w+|дешев\w+"
    r"|дорог\w+|дорож\w+)(?!\w)|^\W*(?:(?:and|but|so|а|і|и|та) )?(?:is|are|was|can|could|do|does"
    r"|did|may|must|should|will|has|have|how|why|when|who|чи|хто|кто|як|как|коли|когда|чому|почему)(?!\w)|(?<!\w)ли(?!\w)",
    re.IGNORECASE,
)
"""Questions that speak of phones or addresses and ask for something else."""
ASKS_ADDRESS = words(
    r"(?:what|the|your|its|their|postal|street|office) address", r"address (?:of|for)",
    r"адрес[аиіуоюые]?\w?", r"adresse", r"direcci[oó]n", r"adres",
)  # fmt: skip
_PERSON = (
    r"(?:director|manager|teacher|guard|doctor|nurse|driver|owner|boss|mayor|author|writer|founder"
    r"|wife|husband|mother|father|son|daughter|brother|sister|friend|man|woman|boy|girl|president"
    r"|king|queen|landlord|landlady|tenant|neighbou?r|coach|chef|librarian|secretary|principal"
    r"|goalkeeper|supplier|surveyor|singer|artist|actor|actress|architect|engineer|lawyer|captain)"
)
ASKS_PERSON = words(
    r"(?:як|как) (?:зв(?:али|ать|ати)|зовут|звуть)|what(?:['’]s| is| was) (?:(?:his|her|your)"
    rf"|(?:[\w'’-]+ ){{0,2}}{_PERSON}['’]s?) (?:(?:full|first|last|maiden) )?(?:sur)?name"
    rf"|what(?:['’]s| is| was) the name of (?:[\w'’-]+ ){{1,4}}{_PERSON}"
    r"(?=\W*$| (?:who|of|at|in|from|and) )"
    r"|who|whom|whose|хто|кого|кому|ким|чи[йяєїх]\w{0,2}|кто|кем|чь[яеию]\w?|wer|wen|wem|wessen"
    r"|quién(?:es)?|qui|chi|kto|kim|cine|ποιος|ποια|quem",
)
PARTY = words(
    r"(?:landlord|landlady|tenant|less(?:or|ee)|owner|seller|vendor|buyer|purchaser|customer|client"
    r"|contractor|supplier|employ(?:er|ee)|agent|guarantor|resident|member|party|company)s?|parties",
    r"(?:орендар|орендодав|наймач|наймодав|продав[ец]|покупе?ц|покупател|замовник|виконав[ец]|роботодав"
    r"|працівник|сторон|власник|арендатор|арендодат|нанимат|наймодат|заказчик|исполнит|работодат"
    r"|работник|собственник|клиент|клієнт)\w{0,5}",
)
"""What a contract calls people, often with a capital letter."""
ASKS_PARTY = words(
    r"(?:who(?:['’]s| is| are| was| were)?|хто|кто)(?: так\w+)? (?:[\w'’-]+ ){0,2}" + PARTY.pattern
)
ANYBODY = words(
    r"can|may|must|should|pays?|має|мають|може|можуть|можна|повин\w+|платить|можно|нужно|может"
    r"|могут|долж\w+"
)
"""Words of a question for a kind of people, which have no name."""
ASKS_PLACE = words(
    r"where", r"де", r"куди", r"звідки", r"где", r"куда", r"откуда", r"wo", r"wohin", r"woher",
    r"d[óo]nde", r"adónde", r"où", r"dove", r"gdzie", r"unde", r"nere(?:de|ye|den)", r"πού",
    r"onde", r"(?:what|which) (?:city|country|town|state|place|island|river)",
    r"(?:(?:у|в|на|з|из) )?(?:яком\w|якій|якого|каком|какой|какого) "
    r"(?:міст\w+|країн\w+|місц\w+|город\w*|стран\w+|мест\w+|остров\w*|област\w+)",
)  # fmt: skip
ASKS_REASON = words(
    r"why|what (?:was|is) the (?:reason|cause)|чому|навіщо|через що|почему|зачем|отчего|из-за чего"
    r"|по какой причине|з якої причини|warum|wieso|weshalb|por qué|pourquoi"
    r"|perché|dlaczego|de ce|neden|γιατί",
)
