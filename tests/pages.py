"""Pages saved as text, each with what a reader must find in it and what it must not."""
# ruff: noqa: E501 (a line of a page is as long as it is)

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A saved page and what is expected of it.

    Attributes:
        marked: the page; a line that begins with "+ " must be a paragraph of the text.
        joined: paragraphs that must be in the text and have several lines of the page.
        gone: words that must be in no passage, between semicolons.
    """

    name: str
    marked: str
    title: str
    joined: str = ""
    gone: str = ""
    author: str | None = None
    headings: tuple[str, ...] = ()
    url: str | None = None
    language: str = "en"

    @property
    def saved(self) -> str:
        """The page without its marks."""
        return re.sub(r"^\+ ", "", self.marked, flags=re.MULTILINE)

    @property
    def kept(self) -> list[str]:
        """Paragraphs that must be in the text."""
        return [*re.findall(r"^\+ (.+)", self.marked, re.MULTILINE), *self.joined.splitlines()]


PAGES = [
    Page(
        name="english news with a menu, a breadcrumb and buttons",
        title="Riga opens a centre for drone pilots",
        author="Jane Doe",
        headings=("How it is paid for",),
        gone="Home; Subscribe; Facebook; Jane Doe; Reuters; Read also; Herald; About us; Contacts; 14:05; Riga opens",
        marked="""\
Skip to main content
Home
News
Politics
Sport
Subscribe

Home > News > Europe

Riga opens a centre for drone pilots
Share
Facebook
Twitter
By Jane Doe
12 January 2024, 14:05
Photo: Reuters

+ The Latvian capital opened a training centre for drone pilots on Friday, the city council said.

+ The centre will teach 200 people a year. By the end of 2025 it wants to double that number.

Read also: Nearly 20 countries join the drone coalition

How it is paid for

+ Half of the money comes from the state budget, and the other half from a foundation in Tallinn.

© 2024 The Riga Herald. All rights reserved.
About us
Contacts
Privacy policy
Advertising
""",
    ),
    Page(
        name="ukrainian news",
        title="Уряд збільшив виробництво дронів удвічі",
        author="Олена Ковальчук",
        headings=("Що далі",),
        language="uk",
        gone="Головна; Ковальчук; Генштаб; Поділитися; Читайте; Усі права; 09:30",
        marked="""\
Головна / Новини / Економіка

Уряд збільшив виробництво дронів удвічі

Уряд збільшив виробництво дронів удвічі
Автор: Олена Ковальчук
Опубліковано: 15 січня 2024, 09:30
Фото: Генштаб ЗСУ
Поділитися

+ Український уряд подвоїв фінансування виробництва безпілотників, повідомив у понеділок прем'єр-міністр.

+ За його словами, у 2023 р. країна виготовила 300 тис. дронів, а цього року планує виготовити мільйон.

Читайте також: Латвія передасть Україні тисячі дронів

Що далі

+ Наступне засідання уряду відбудеться 22 січня, і на ньому розглянуть нові контракти.

Усі права захищено. © Економічний вісник, 2024
""",
    ),
    Page(
        name="russian news with cookies",
        title="Музей открыл выставку старых карт",
        author="Иван Петров, Анна Сидорова",
        language="ru",
        gone="cookie; RU | UA; Петров; пресс-служба; Смотрите; Подписывайтесь; права",
        marked="""\
Мы используем файлы cookie, чтобы сделать сайт удобнее для вас. Принять

RU | UA | EN

Музей открыл выставку старых карт
Автор: Иван Петров, Анна Сидорова
3 февраля 2024
Фото: пресс-служба музея

+ Городской музей открыл выставку карт XVII века, на которой собраны 120 листов из частных коллекций.

+ Самой старой карте 380 лет. Фото: так называли бы её отпечаток сегодня, но тогда это была гравюра.

Смотрите также: Куда пойти в выходные

+ Билеты стоят 150 гривен, для студентов вход по четвергам бесплатный весь день.

Подписывайтесь: Telegram, Facebook
Все права защищены
""",
    ),
    Page(
        name="hard-wrapped text",
        title="The lighthouse on the northern cape",
        joined="""\
The lighthouse was built in 1887 by a company that had never built one before. It stood for forty years without a single repair, and the keepers who lived in it wrote down the weather four times a day.
In the winter of 1927 a storm broke the lamp. By Monday the keepers had lit a fire on the rocks below, and no ship was lost that night. The new lamp arrived in spring.
Today it is a museum. It is open from May to September, and the way up has 199 steps.
""",
        marked="""\
The lighthouse on the northern cape

The lighthouse was built in 1887 by a company that had never built one
before. It stood for forty years without a single repair, and the keepers
who lived in it wrote down the weather four times a day.

In the winter of 1927 a storm broke the lamp. By Monday the keepers had lit
a fire on the rocks below, and no ship was lost that night. The new lamp
arrived in spring.

Today it is a museum. It is open from May to September, and the way up has
199 steps.
""",
    ),
    Page(
        name="one paragraph a line, no empty lines",
        title="Why bees dance",
        headings=("How it was found",),
        marked="""\
Why bees dance
+ Bees tell each other where the flowers are by dancing on the comb, in the dark of the hive.
+ The angle of the dance is the angle to the sun, and its length is the distance to the flowers.
How it was found
+ Karl von Frisch marked bees with paint and watched them for years through a sheet of glass.
+ In 1973 he was given the Nobel Prize for it, together with Lorenz and Tinbergen.
""",
    ),
    Page(
        name="recipe with lists",
        title="Borscht",
        marked="""\
Borscht

+ Beetroot
+ Cabbage
+ Potatoes
+ Carrots

+ Boil the beetroot for forty minutes, then grate it and leave it to cool in its own juice.

You will need these tools as well:

+ - a large pot
+ - a grater
+ - a wooden spoon

Cut the rest into strips and add it to the pot one after the other, the cabbage last of all.

Serve it with:
+ (a) sour cream
+ (b) garlic bread
+ (c) dill
""",
    ),
    Page(
        name="poem",
        title="The Road Not Taken, and what came of it",
        marked="""\
The Road Not Taken, and what came of it

+ Two roads diverged in a yellow wood,
+ And sorry I could not travel both
+ And be one traveler, long I stood

+ Then took the other
+ As just as fair
+ And having perhaps
+ The better claim

This is the poem that every pupil in the country once knew by heart, my grandmother said.
""",
    ),
    Page(
        name="questions as headings",
        title="Library rules",
        headings=("How many books may I take?", "What if I lose one?"),
        marked="""\
Library rules

How many books may I take?

+ You may take ten books at a time, and keep each of them for three weeks.

What if I lose one?

+ You pay its price, or bring the same book in another copy to the desk downstairs.

+ Can I come with a dog?

+ No.
""",
    ),
    Page(
        name="markdown headings",
        title="Boats of the Dnipro",
        headings=("Chaika", "Chaika › How it was steered", "Baidak"),
        gone="#",
        marked="""\
# Boats of the Dnipro

+ The river carried more boats in 1900 than it does today, and most of them were built of oak.

## Chaika

The chaika was twenty metres long, and held seventy people with their weapons and their bread.

### How it was steered

+ It had a rudder at each end, so that it never had to be turned in a narrow place.

## Baidak

The baidak carried grain, and was towed upstream by horses or by men.
""",
    ),
    Page(
        name="no title",
        title="No title",
        marked="""\
+ The committee met on Tuesday and agreed to raise the fee for parking to four euros an hour.

The money goes to the repair of the bridge, which has been closed to lorries since last autumn.
""",
    ),
    Page(
        name="a question for a title",
        title="Why did the city of Dnipro change the name of its oldest street again?",
        author="Olha Bondar",
        gone="Why did the city; By Olha",
        marked="""\
Why did the city of Dnipro change the name of its oldest street again?

By Olha Bondar

+ The council voted for the new name in June, after a discussion that went on for three evenings.

+ Shopkeepers were against it. One of them asked who would pay for the new signs.
""",
    ),
    Page(
        name="only short lines",
        title="Bus 14",
        marked="""\
Bus 14

+ Mon-Fri 6:10
+ Sat 7:20
+ Sun 8:00

+ Stop: Market
+ Stop: Bridge
+ Ring the bell.
""",
    ),
    Page(
        name="dialogue",
        title="The last train",
        marked="""\
The last train

The station was empty when the two of them came in out of the rain and sat down to wait.

+ "Is it late?"

+ "No, no"

+ — Так.

+ No, no

+ "Then we wait."

He looked at the clock above the door, and she looked at the clock on the wall behind him.

"Home," she said.

+ Home.

+ It never came
""",
    ),
    Page(
        name="dates inside an article",
        title="The war of the hedges",
        headings=("13 May 1954",),
        marked="""\
The war of the hedges

The two neighbours stopped speaking when the first hedge was cut, and nobody remembers why.

+ 12 May 1954.

That was the day the second hedge was cut, by night, with a pair of scissors made for sheep.

13 May 1954

+ On the following morning a wall of beer crates stood where both of the hedges had been.

+ 12 15 18

+ These numbers were painted on the crates, and no one ever found out what they stood for.
""",
    ),
    Page(
        name="sentences that look like furniture",
        title="What the law says of pictures",
        marked="""\
What the law says of pictures

+ Copyright protects a picture for seventy years after the death of its author, and longer in some places.

+ By Friday the court had heard four witnesses, and none of them had ever seen the picture.

+ Photo: the word is Greek, and means light, as the old judge told the witnesses at length.

+ Author: that is the word the law uses, and it means the one who pressed the button.

+ Read more: this was the judge's advice to both of the parties when they left the room.

+ The ministers shook hands in Riga on Monday and said nothing. (Photo: there was none.)

+ Share and share alike, the judge said.

+ Search for it as you will, the picture is gone.
""",
    ),
    Page(
        name="address, date and read time around the title",
        title="Sourdough for people without time",
        url="https://example.org/blog/sourdough",
        gone="https; 2024-03-01; min read; Facebook; Tags; Comments; Share this",
        marked="""\
https://example.org/blog/sourdough
Published: 2024-03-01
5 min read

Sourdough for people without time

+ Most of the work in baking bread is waiting, and waiting can be done while you sleep or work.

+ Feed the starter in the evening. In the morning it has doubled, and the dough can be mixed.

Share this:
Facebook 12 | Twitter 7 | Telegram
Tags: bread, baking
Comments (4)
""",
    ),
    Page(
        name="cookie banner as a whole sentence",
        title="Swifts sleep on the wing",
        gone="cookies; Accept; newsletter",
        marked="""\
We use cookies to improve your experience on our website. By continuing you accept them.
Accept all

Swifts sleep on the wing

+ Swifts stay in the air for ten months of the year, and sleep while they glide at night.

They come down only to nest. A young swift that falls to the ground can hardly start again.

Sign up for our newsletter
""",
    ),
    Page(
        name="ukrainian article with initials and a list",
        title="Музей Шевченка",
        language="uk",
        marked="""\
Музей Шевченка

+ Музей ім. Т. Г. Шевченка відчинено щодня, крім понеділка, з 10:00 до 18:00.

Що подивитися:

+ 1. автопортрет 1840 р.
+ 2. «Кобзар» першого видання
+ 3. лист до брата

Квиток коштує 80 грн. Діти до 7 років заходять безкоштовно, якщо з ними дорослий.

+ Вхід із вул. Хрещатик
""",
    ),
    Page(
        name="a list that ends an article",
        title="Packing for the mountains",
        marked="""\
Packing for the mountains

Whoever goes above two thousand metres needs more than a jacket, even in the middle of July.

Take with you, whatever the forecast says in the morning:

+ Water
+ Warm socks
+ Map
+ Whistle
""",
    ),
    Page(
        name="a chronology",
        title="How the bridge was built",
        headings=("3 March 1951", "9 June 1953"),
        marked="""\
How the bridge was built

3 March 1951

+ The engineers measured the river for the first time, from a boat that belonged to the school.

9 June 1953

+ The last stone was laid by the mayor, who had not come to a single meeting before.
""",
    ),
    Page(
        name="a title that begins with by",
        title="By train to Lviv",
        marked="""\
By train to Lviv

+ The night train leaves Kyiv at ten and reaches Lviv at six, with one stop on the way.

By Danylo Hai of our own office the tickets were bought, and they were the last two of all.
""",
    ),
]
