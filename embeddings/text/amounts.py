"""What in a text may be a price, a date, a time of day or a year, in figures or in words."""

import re


def words(*alternatives: str) -> "re.Pattern[str]":
    """Return a pattern of whole words, in capitals or not."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


NUMERALS = words(
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundreds?",
    r"thousands?|millions?|half|double|twice|once|dozens?|several|many|no",
    r"од(?:ин|на|не|но|ні|ну|ни[мх]|но[їйгм]\w*|ній)|дв(?:[аіе]|[ое][хмє]\w*|у[хм]\w*)|три|трьо\w",
    r"трёх|трех|чотир\w+|четыр\w+|п['’]?ят(?!ниц)[ьиыоіаеу]\w*|шіст\w*",
    r"шест\w+|сім(?!['’])|сім(?:сот|дес|над)\w+|семь|семи|вісім\w*|восьм\w+|восемь|дев['’]ят\w*",
    r"девят\w+|десят\w+|сорок\w?|\w+надцят\w+|двадцят\w+|двадцат\w+|тридцят\w+|тридцат\w+",
    r"ст[оа]|двісті|двести|триста|чотириста|четыреста|\w+сот|тисяч\w?|тысяч\w?|мільйон\w*",
    r"миллион\w*|мільярд\w*|миллиард\w*|кільк\w+|нескольк\w+|полов\w+",
    r"eine?[rnms]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\w+zig|hundert\w*",
    r"tausend\w*|millionen|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien\w*|mil",
)
MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|січ(?:ень|ня|ні)|лют(?:ий|ого|ому)|берез(?:ень|ня|ні)|квіт(?:ень|ня|ні)|трав(?:ень|ня|ні)"
    r"|черв(?:ень|ня|ні)|лип(?:ень|ня|ні)|серп(?:ень|ня|ні)|верес(?:ень|ня|ні)|жовт(?:ень|ня|ні)"
    r"|листопад[аі]?|груд(?:ень|ня|ні)|январ[ьяе]|феврал[ьяе]|март[ае]?|апрел[ьяе]|ма[йяе]"
    r"|июн[ьяе]|июл[ьяе]|август[ае]?|сентябр[ьяе]|октябр[ьяе]|ноябр[ьяе]|декабр[ьяе])"
)
NAMED_DAY = re.compile(
    r"(?<!\w)(?:(?:(?:in|on|by|of|from|to|since|until|till|last|next|this|every|each|early|mid|late"
    r"|\d+|\dth|1st|2nd|3rd)[ -])(?:april|may|june|august)|(?:april|may|june|august)(?=,? \d)"
    r"|january|february|march|july|september|october|november|december|(?:mon|tues|wednes|thurs|fri"
    r"|satur|sun)days?|понеділ(?:ок|ка|ку)|вівтор(?:ок|ка)|серед[уи]|четвер(?:га?)?"
    r"|п['’]ятниц[яюі]|субот[уи]|неділ[юі]|понедельника?|вторника?|сред[уы]|пятниц[аыу]|суббот[уы]"
    r"|воскресенье|січень|березень|квітень|травень|червень|липень|серпень|вересень|жовтень"
    r"|листопад|грудень|январь|февраль|март|апрель|июнь|июль|сентябрь|октябрь|ноябрь|декабрь)(?!\w)",
    re.IGNORECASE,
)
"""The name of a day or a month, and no other word or name like it."""
FEW_NUMERALS = words(
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)"
    r"teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|millions?|dozens?",
    r"дв[аіе]|дво[хє]|двое|двух|три|тр[ьоеё]+х|троє|трое|чотири|чотирьох|четверо|четыр[еёьх]+"
    r"|п['’]?ять(?:ох)?|п['’]?ятеро|п['’]?яти|шість|шесть|шести|шестеро|сім|семь|семи|семеро|вісім"
    r"|восемь|восьми|дев['’]?ят[ьи]|десят[ьи]|\w+надцят[ьи]|(?:два|три)дцят[ьи]|(?:два|три)дцат[ьи]"
    r"|сорок|\w+десят|дев['’]яносто|девяносто|сто|двісті|двести|триста|чотириста|четыреста"
    r"|(?:п['’]?ять|шіст|шесть|сім|семь|вісім|восемь|дев['’]?ять?)сот|тисяч[аі]?|тысяч[аи]?"
    r"|мільйон(?:и|ів|а)?|миллион(?:ы|ов|а)?",
)
"""Words that are numbers and nothing else."""
DAY_OF_MONTH = words(
    r"(?:first|second|third|last|\w+th) (?:of|day)",
    r"(?:by|on|until) the (?:first|second|third|\w+th)",
    r"(?:до|к|не пізніше|не позднее|по|з|с|із|від|от) (?:перш|друг|трет|четверт|п['’]?ят|шост|шест"
    r"|сьом|седьм|восьм|дев['’]?ят|десят|перв|втор|\w+надцят|\w+надцат|двадцят|двадцат|тридцят"
    r"|тридцат)(?:ого|ому|ього|ьего|ьому|ьему)|дн[яію]|день|дней|днів|числ\w+",
)
"""A day of a month without its name."""
DATE_WORDS = words(
    r"januar\w*|februar\w*|march|april|may|june|july|august|september|october|november|december",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|yesterday|tomorrow|daily|weekends?|spring"
    r"|summer|autumn|winter|century|centuries",
    r"morning|evening|noon|midnight|after|before|during|until|decade\w*|years?|months?|days?|weeks?",
    r"січ\w+|лют\w+|берез\w+|квіт\w+|трав\w+|черв\w+|лип\w+|серп\w+|верес\w+|жовт\w+|листопад\w*",
    r"груд\w+|янв\w+|феврал\w|март\w?|апрел\w|ма[йяе]|июн\w|июл\w|август\w?|сентябр\w|октябр\w",
    r"ноябр\w|декабр\w|понеділ\w+|вівтор\w+|серед[уиа]|четвер\w*|п['’]ятниц\w+|субот\w+|неділ\w+",
    r"понедельник\w*|вторник\w*|сред[уыа]|четверг\w*|пятниц\w+|суббот\w+|воскресень\w+|столітт\w+",
    r"століть|век\w*|сьогодні|вчора|сегодня|вчера|рок\w*|рік|год\w*|лет|літ|весн\w+|осен\w+|осін\w+",
    r"що(?:дня|вечора|ранку|тижня|місяця|року|понеділ\w+|вівт\w+|серед\w+|четвер\w+|п['’]ятн\w+"
    r"|субот\w+|неділ\w+)|навесні|[ув]літку|восени|взимку|лет[оа]м?|торік|завтра|вихідн\w+|выходн\w+"
    r"|ежедневно|еженедельно|зим\w+|літ[оак]\w*|після|після|после|перед|під час|во время|jahr\w*",
    r"jahrhundert\w*|nach|vor|während|tag\w*|woche\w*|monat\w*|siglos?|años?|después|antes|durante|día\w*|mes\w*",
)
"""What a date is told by besides its figures: months, days of the week, seasons, "after"."""
_HALF_DAY = r" ?(?:[ap]\.m\.|[ap]\.?m\b)"
TIME = rf"\d{{1,2}}:\d\d(?:{_HALF_DAY})?|\d{{1,2}}{_HALF_DAY}"
_A_NUMBER = rf"(?:\d|{NUMERALS.pattern})"
PRICE = re.compile(
    r"[$€£₴₽¥]|\d ?(?:р|гр)\.?(?!\w)|(?<!\w)(?:грн|гривн\w+|гривень|доллар\w*|долар\w*|руб\w*"
    r"|коп\w*|євро|евро|злот\w*|крон\w*|фунт\w*|тенге|ле[ійя]|usd|uah|eur\w*|pln|zł\w*|kč|kr|chf|dollars?"
    r"|pounds?|francs?|cents?|crowns?|pennies|pence|peso\w*|yen|ro?u[bp](?:le|ee)s?|zlot\w+"
    r"|hryvni?a\w*|quid|lei|lev[as]?|lira\w*|kron[aeo]r?|koruna\w*|forint\w*"
    r"|(?<!feel )free|charge|included|waived|nothing|on us|on the house|в подарок"
    r"|no (?:\w+ )?(?:cost|fee|charge)"
    r"|(?:безкоштовн|безоплатн|безплатн|бесплатн|договірн|договорн|включен|включён)\w*|вход[ия]т\w*"
    r"|(?:вільн|свободн)\w+ вх[оі]д|вх[оі]д (?:[\w-]+ ){0,3}(?:вільн|свободн)\w+"
    r"|плат\w+ (?:[\w-]+ ){0,3}не|не (?:\w+ )?(?:за)?плат\w+|kostenlos\w*|eintritt (?:ist )?frei"
    r"|gratis|gratuit\w*|entrada (?:es )?libre"
    r"|(?:price|cost|fee|rate|tariff|rent|salary|wage|ціна|вартіст|цена|стоимост|тариф|сум[аи]|оплат)\w*\W"
    r"[^.\n]{0,40}\d"
    r"|(?:costs?|charge|pays?|paid|worth|sold|earn\w*|кошту\w+|сто[ия]т|стоил\w*|бер[уе]ть?"
    rf"|плат\w+|об[оі]йд\w+|обошл\w+|обош[её]л\w*) (?:[^\W\d]+,? ){{0,4}}?{_A_NUMBER}|по \d+)(?!\w)"
    r"|(?:[—–|] ?|[^\W\d_] )(?!(?:1\d|20)\d\d(?!\d))\d+(?:[.,]\d\d)? *(?=\||$)"
    r"|[—–] (?!(?:1\d|20)\d\d(?!\d))\d+\.?$|(?<![\d.])\d+\.\d\d(?![\d.])"
    r"|(?:^|\| )[^|:\n]{1,40}: (?!(?:19\d\d|20[0-4]\d)(?!\d))\d+(?:[.,]\d\d)?\.? *(?=\||$)",
    re.IGNORECASE | re.MULTILINE,
)
"""A price, that nothing is paid, or a number without a unit, as menus have it."""
HALF_DAYS = words(
    r"(?:mid|after)?noon|midday|(?:mid|over)?night(?:fall)?|sun(?:rise|set|down)|dawn|dusk|24/7",
    r"mornings?|evenings?|lunch(?:time)?|(?:a)?round the clock|mittags|mitternachts",
    r"hours? before|за (?:пів)?годину до|за (?:пол)?часа? до|обід\w*|обед\w*",
    r"(?:опівд|полуд|опівн|полуно|полноч)\w+|полдень|[вз]?ранк\w*|[вз]?ранці|[ву]?вечер\w*|утр\w+"
    r"|[ву]?веч[оі]р\w*|світан\w+|рассвет\w*|закат\w*|заход\w* сонця|цілодобов\w*",
    r"круглосуточн\w*",
)
HOUR = re.compile(
    rf"(?<![\w.,])(?:{TIME})|(?<!\w)\d{{1,2}}\.\d\d(?!\d)|o['’]clock"
    r"|(?<!\w)(?:at|from|until|till|to|by|before|after|past|о|об|з|із|від|до|після|в|во|с|к|от|после"
    rf"|um|ab|bis) (?:[01]?\d|2[0-4])(?![\d%]|[.,:]\d)(?! (?:{MONTH}))"
    rf"|(?:(?<!\w)(?:[01]?\d|2[0-4])|{NUMERALS.pattern}) (?:годин|час|uhr)"
    r"|(?<!\w)(?:at|past|until|after|before|by|о|об|в|до|від|от|по|з|із|с|к|після|после)"
    rf" (?:{NUMERALS.pattern}|(?:перш|друг|трет|четверт|шост|сьом|седьм)\w+)"
    r"|(?<!\w)(?:de|das|dalle) (?:[01]?\d|2[0-4]) ?h? (?:a|à|às|alle) (?:[01]?\d|2[0-4])"
    r"(?= ?(?:h|hs|horas?)(?!\w)| y |\W*$|[.,;)])"
    r"|(?<!\w)(?:half past|quarter (?:to|past)|(?:пів|чверть) на|за чверть|без четверти"
    r"|(?:в )?половин\w \w+ого)(?!\w)|(?<!\d)[0-2]\d[0-5]\d ?(?:h|hours)(?!\w)"
    r"|(?<!\w)(?:open\w*|hours|daily|(?:mon|tue|wed|thu|fri|sat|sun)\w*|пн|вт|ср|чт|пт|сб|нд|вс"
    r"|щодня|ежедневно|щоденно|графік|график)\W[^\d\n]{0,15}\d{1,2} ?[-–—] ?\d{1,2}(?!\d)",
    re.IGNORECASE,
)
"""What may be a time of day."""
YEAR = re.compile(
    r"(?<!\d)\d{4}(?!\d)|(?<!\d)\d\d\.\d\d\.\d\d(?!\d)|(?<!\w)['’]\d\d(?!\w)"
    r"|(?<!\d)\d{1,3}(?: (?:bce?|ad|ce|до н|ро[кц]\w*|рік|год[ауе]?|р\.|г\.)(?!\w)|(?:р|г)\.)"
    r"|(?<!\w)(?:ad|(?:in|im jahr|у|в) (?=\d{3}(?:[.,;)]|\Z| [^\W\d]+ed(?!\w)))) ?\d{3}(?![\d%])"
    r"|(?<!\w)(?:(?:last|this) year|\w+ centur(?:y|ies)|(?:поза)?торік|(?:минул|цьо)\w* ро(?:ку|ці)"
    r"|(?:прошл|эт)\w+ году?|столітт\w+|век[аеу]?|т[иы]сяча \w+сот|nineteen \w+)(?!\w)",
    re.IGNORECASE,
)
"""A year, or the century or the year before this one."""
_TIME_UNIT = (
    r"(?:(?:second|sec|minute|min|hour|hr|day|night|week|month|year|decade|centur)(?:s|ies|y)?"
    r"|(?:calendar|working|business) days?|секунд\w*|хвилин\w*|хв\.?|минут\w*|мин\.?|годин[иу]?"
    r"|годинами|год\.|ч\.?|час(?:а|ов|ами)?|дн(?:і|ів|я|ей|ями)|день|доб[аиу]|діб|сут(?:ки|ок)"
    r"|тиж\w+|недел[яиюь]\w*|місяц\w*|місяць|месяц\w*|рок(?:и|ів|у)|рік|год(?:а|у)?|лет|літ"
    r"|десятиліт\w+|десятилет\w+|століт\w+|столет\w+"
    r"|(?:календарн|робоч|рабоч|банківськ)\w+ (?:дн\w+|день)"
    r"|sekunden?|minuten?|stunden?|tag(?:e|en)?|wochen?|monat(?:e|en)?|jahr(?:e|en)?"
    r"|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?)"
)
DURATION = re.compile(
    r"(?<![\w.,:/])(?<!\bо )(?<!under )(?<!дітям до )(?<!детям до )"
    r"(?:(?!(?:1\d|20)\d\d(?!\d))\d+(?:[.,]\d+)?(?:-?(?:х|ти|и))?"
    rf"|{NUMERALS.pattern}|(?<=for )an?|(?<=in )an?|(?<=takes )an?|(?<=than )an?|few|couple of)"
    r"[ \u00a0-]?(?:and a half |з половиною |с половиной )?(?:full |more |повних |полных )?"
    rf"{_TIME_UNIT}(?!\w|-old|-hand)"
    r"(?! (?:old|ago|тому|назад|floor)|\.? (?:ранку|вечора|утра|вечера))"
    r"|(?<!\w)(?:half (?:an|a) (?:hour|day|year)|пів ?(?:години|року|дня|тора)|півтор[аи]|полчаса"
    r"|полгода|полдня|полтор[аы]|полутора|overnight"
    r"|(?:протягом|впродовж) (?:\w+ )?(?:години|доби|дня|тижня|місяця|року)"
    r"|в течение (?:\w+ )?(?:часа|суток|дня|недели|месяца|года)|за (?:добу|сутки|місяць|месяц)"
    r"|годину|(?<!\bна )тиждень|(?<!\bв )неделю"
    r"|(?<!раз )(?<!разів )(?<!раза )(?<!чі )(?<!ды )на (?:місяць|рік|добу|сутки|месяц|год)"
    r"|eine halbe stunde|media hora)(?!\w)",
    re.IGNORECASE,
)
"""How long something takes or lasts; a time of day and a date are none."""
_METRES = (
    r"(?:kilo|centi|milli)?met(?:re|er)s?|[kcm]?m|feet|foot|ft|miles?|inch(?:es)?|yards?"
    r"|(?:кіло|санти|мілі|кило|милли)?метр\w*|[кс]?м|мм|миль|миля|мил[іи]|фут\w{0,2}|дюйм\w{0,2}"
)
_MONEY_UNITS = (
    r"(?:US )?(?:[$€£₴₽¥]|грн|гривн\w+|гривень|дол(?:л|л?ар\w{0,3})?|руб(?:л\w{1,3})?"
    r"|коп(?:ій\w+|ее?[кй]\w*)?|євро|евро|злот\w+|крон[аиуы]?|фунт\w*|тенге|usd|uah|eur(?:os?)?|pln"
    r"|gbp|chf|zł|kč|dollars?|pounds?|francs?|cents?|crowns?|yen|pence|hryvni?as?|ro?ubles?|zlot\w+)"
)
_TIME_UNITS = (
    r"(?:(?:working|business|calendar|full|робоч\w+|рабоч\w+|календарн\w+|повн\w+|полн\w+) )?"
    r"(?:sec(?:onds?)?|min(?:ute)?s?|h(?:ou)?rs?|h|days?|nights?|weeks?|months?|years?|decades?"
    r"|centur(?:y|ies)|секунд\w*|хв(?:илин\w*)?|мин(?:ут\w*)?|год(?:ин\w*|а|у|ам|ами)?"
    r"|час(?:а|ов|ам)?|ч|дн(?:і|ів|я|ей|ям|ями|ях)|день|доб[аиу]|діб|сут(?:ки|ок)|тиж(?:день|н\w+)"
    r"|недел\w*|місяц\w+|месяц\w*|рік|рок(?:и|ів|у|ам|ами|ах)|лет|ноч(?:ей|і|и)|ніч|століт\w+"
    r"|век(?:а|ов)?)"
)
_LENGTH_UNITS = rf"{_METRES}|(?:city )?blocks?|light-years?|верст\w*"
_MASS_UNITS = (
    r"kg|m?g|(?:kilo|milli)?grams?|kilos?|ton(?:ne)?s?|pounds?|lbs?|ounces?|oz|кг|м?г"
    r"|(?:к[іи]ло|м[іи]лл?[іи])?грам\w*|тонн\w*|т|центнер\w*|ц|фунт\w*|унц\w+"
)
_VOLUME_UNITS = (
    rf"(?:cubic|куб[іи]ч\w+|куб\.) (?:{_METRES})|[cс]?[mм][³3]|m?l|(?:milli)?lit(?:re|er)s?"
    r"|кубо?метр\w*|gallons?|pints?|м?л|(?:м[іи]лл?[іи])?л[іи]тр\w*"
)
_OTHER_UNITS = (
    rf"(?:square|квадратн\w+|кв\.) (?:{_METRES})|[kк]?[mм][²2]|hectares?|гектар\w*|га|km/h|mph"
    r"|км/(?:год|ч)|[kmgt]b|[кмгт]б|%|(?:per )?cent|percent|відсот\w+|процент\w*"
)
_DEGREE_UNITS = r"°(?:\s?[CFС](?!\w))?|degrees?|градус(?:а|и|ів|ов)?"


def _unit(*names: str) -> "re.Pattern[str]":
    return re.compile(rf"[ \u00a0\u202f-]?(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)


MONEY_UNIT, MASS_UNIT, VOLUME_UNIT = _unit(_MONEY_UNITS), _unit(_MASS_UNITS), _unit(_VOLUME_UNITS)
LENGTH_UNIT, DEGREE_UNIT = _unit(_LENGTH_UNITS), _unit(_DEGREE_UNITS)
TIME_OR_LENGTH_UNIT = _unit(_TIME_UNITS, _LENGTH_UNITS)
UNIT = _unit(
    _MONEY_UNITS,
    _TIME_UNITS,
    _LENGTH_UNITS,
    _MASS_UNITS,
    _VOLUME_UNITS,
    _OTHER_UNITS,
    _DEGREE_UNITS,
)
"""What a number right before it counts or measures: a currency, a time, a length or the like."""
