"""What a question wants to be told, and whether a text has it."""

import numpy as np
import pytest

from embeddings.search.answer_type import (
    answer_span,
    holds_count,
    lacks_answer_type,
    lacks_specific_answer_type,
    needs_literal_answer,
)
from embeddings.search.highlight import answering_sentence
from embeddings.search.names import (
    is_contact_of_another,
    names_lacked,
    names_other_code,
    says_the_opposite,
    words_lacked,
)


@pytest.mark.parametrize(
    ("question", "has", "has_not"),
    [
        ("When was the bridge built?", "It was built in 1957.", "It was built of oak."),
        ("В каком году построен мост?", "В 1957 году.", "12 марта, в полдень."),
        ("Скільки коштує квиток?", "Квиток коштує 9 грн.", "Квиток можна купити в касі."),
        ("How much does it cost?", "Price: 450 | Size: 10", "It is 450 m long."),
        ("Wie viele Boote gibt es?", "Es gibt zwölf Boote.", "Boote liegen am Steg."),
        ("What is the phone number of the library?", "Call 044 123 45 67.", "No phone calls here."),
        ("What is the address of the hall?", "Come to 9 Orchard Lane.", "Come to the lane at 9."),
        ("Яка адреса клубу?", "Ми на вул. Садовій, 4.", "Клуб має 4 кімнати."),
        ("Какой адрес у музея?", "Музей: Речной пер., 12", "Музей открыт до 12."),
        ("Яка у вас електронна пошта?", "Пишіть: club@example.org", "Пишіть на вул. Садову, 4."),
        ("Хто очолив хор?", "Хор очолив Гнат Бойко.", "Хор очолив вчитель."),
        (
            "Who is the landlord?",
            "The Landlord is Henfield Estates.",
            "The Tenant pays the Landlord.",
        ),
        ("Who sang in the hall?", "On Sunday it was Ann Lee.", "They sang on Sunday."),
        ("Кто продавец?", "Продавец — Анна Зотова.", "Деньги Продавец отдаёт Покупателю."),
        ("Хто орендар?", "Орендар — Гнат Бойко.", "Ключі Орендар віддає Орендодавцю."),
        ("Як звати сторожа?", "Сторож — Гнат Бойко.", "Сторож живе поруч."),
        ("What is the guard's name?", "The guard is Tom Ray.", "The guard lives next door."),
        ("Какие часы работы кассы?", "Касса: с 9 до 18.", "Касса у входа, улица Мира, 17."),
        ("Скільки грошей піде на міст?", "Міст обійдеться в 48 млн гривень.", "Міст має 7 арок."),
        ("How much does he charge?", "He wants £40.", "He came with two men."),
        ("How many calories has it?", "It has 250 calories.", "Flour: 500 g"),
        ("Сколько страниц в книге?", "В ней 300 страниц.", "Книга весит 2 кг."),
        ("Why are hens refused?", "Refused, as the lease forbids it.", "Hens were refused."),
        ("Why is it closed?", "It is closed because of rain.", "It is closed on Monday."),
        ("What percentage of the fish survived?", "Some 40 % lived.", "Most lived."),
        ("What phone number is for fires?", "In case of fire, dial 101.", "The line is 300 m off."),
        ("Який телефон гарячої лінії?", "Телефон лінії — 1545.", "Телефон є з 2019 року."),
        ("За яким телефоном дзвонити?", "Зателефонуйте на 103.", "Телефон коштує 300 грн."),
        ("What is the phone number?", "Tickets: 555-0170", "Open in 1964-2011."),
        ("What temperature has it?", "It is 27 ºC.", "It is warm."),
        ("Which is it? And who paid?", "Anna Berg paid.", "He paid 12 pounds."),
        ("О котрій клуб німецької?", "О 18:00.", "Клуб німецької по п'ятницях."),
        ("Какая температура воды?", "Вода 26 °C.", "Вода тёплая, 7 дорожек."),
        ("Где находится бассейн?", "Он стоит в Калуге.", "Он большой.\n\nВход свободный."),
        ("О котрій останній автобус?", "Останній рушає о сьомій.", "Автобус їде 40 хвилин."),
        ("Во сколько салют?", "22:30 — салют.", "Салют длится 12 минут."),
        ("What time does it open?", "It opens at nine.", "It costs 9 euros in 2024."),
        ("How deep is the lake?", "It is 40 m deep.", "Two lakes were found in 1948."),
        ("Какая глубина чаши?", "Глубина 80 сантиметров.", "Чаша на шесть дорожек."),
        ("Why did she refuse?", "She refused because it hurt.", "She refused a medal for it."),
        ("Кто директор музея?", "Зотова спасла его.", "Рекорд был побит."),
        ("How much does a ticket cost?", "Adults | 12", "Adults may bring 2 children."),
        ("How much does a ticket cost?", "Children get in for nothing.", "Feel free to ask."),
        ("How much did the car cost?", "It cost some two million.", "It was sold in 1957"),
        ("Скільки коштує вхід?", "Вхід вільний.", "Вхід з двору."),
        ("Скільки коштує вхід?", "Дорослий квиток — 120.", "Музей заснували — 1957."),
        ("Сколько стоит вход?", "Вход бесплатный.", "Вход со двора, 12 ступеней."),
        ("Сколько стоит вход?", "За вход берут триста.", "За входом триста мест."),
        ("¿Cuánto cuesta la entrada?", "La entrada es gratuita.", "La entrada está al norte."),
        ("What time does it open?", "Mon–Fri, 9–17.", "It takes 3-5 days."),
        ("О котрій відчиняється музей?", "О пів на десяту.", "Музей за дві зупинки."),
        ("Во сколько открывается касса?", "Магазин круглосуточный.", "Касса у входа."),
        ("What year was it built?", "It is from the nineteenth century.", "It has 300 rooms."),
        ("В якому році виткали килим?", "Виткали 988 року.", "Виткали з 300 ниток."),
        ("В каком году построили мост?", "В прошлом году.", "Мост длиной 300 м."),
        ("When is the market?", "On Saturdays.", "In the square."),
        ("Коли вони цвітуть?", "Навесні.", "Біля води."),
        ("How far is the station?", "Ten minutes away.", "Trains run every 10 minutes."),
        ("¿Cuándo abre la biblioteca?", "Abre a las 9.", "La biblioteca abre."),
        ("How much is the fee?", "It is free.", "It is low."),
        ("What is the weight?", "Weight: ten.", "It has 4 legs."),
        ("Яка вага?", "Важить 9 кг.", "Має 4 ніжки."),
        ("Сколько весит файл?", "Файл на 140 МБ.", "Файл из 2 частей."),
        ("Какой вес?", "Весит 9 кг.", "Имеет 4 ножки."),
        ("By what date must I pay?", "Pay by the fifth.", "Pay in the hall."),
        ("What is the deadline?", "The fifth of May.", "Bring it here."),
        ("By which day is it due?", "On the last day of the month.", "It is due in the hall."),
        ("Не пізніше якого числа подають звіт?", "До двадцятого.", "Подають у залі."),
        ("До якої дати платять?", "Не пізніше п’ятого.", "Платять у касі."),
        ("Не позднее какого числа подают отчёт?", "До двадцатого.", "Подают в зале."),
        ("К какому числу сдать?", "В последний день месяца.", "Сдают в зале."),
        ("Скільки календарних днів відпустки?", "24 календарних дні.", "Відпустка є."),
        ("Сколько в пачке граммов?", "В пачке 200 г.", "В пачке чай."),
        ("Сколько ей лет?", "Ей 35 лет.", "Она молода."),
        ("Сколько он стоит?", "Он стоит 300 рублей.", "Он стоит в углу."),
        ("Скільки від Києва до Львова?", "Від Києва 540 км.", "Від Києва їдуть потягом."),
        ("Сколько прожил Пушкин?", "Он прожил 37 лет.", "Он прожил мало."),
        ("How many more km is it?", "It is 12 km.", "It is far."),
        ("How many paid vacation days?", "You get 24 days.", "Vacation is paid."),
        ("How many square metres is the flat?", "It has 54 m².", "It is large."),
        ("Сколько квадратных метров?", "Здесь 54 м².", "Здесь просторно."),
        ("How many US dollars may I take?", "You may take 10,000 dollars.", "Take them."),
        ("Сколько рабочих дней дают?", "Дают 5 дней.", "Дают в кассе."),
        ("How many paid guides are there?", "There are 12.", "Walks of 12 km."),
        ("Сколько в старом доме квартир?", "В нём 40 квартир.", "Он велик."),
        ("Кто директор музея?", "Директор музея — Годунов.", "Это было в среду."),
        ("Хто директор?", "Ним є Липинський.", "Він приходить у Вівторок."),
        ("Кто написал книгу?", "Книгу написала Марта.", "Книгу написали в марте."),
        ("Who sang in the hall?", "That day May sang.", "They sang in May."),
        ("Who sang in the hall?", "A man called August.", "They sang on 5 August."),
        ("What is the name of the director?", "It is Ann Lee.", "He is the head."),
        ("What is the name of Anna's mother?", "It is Ruth Lee.", "She is at home."),
        ("Хто директор?", "Ним є Середа.", "Він приходить у середу."),
        ("Сколько берёт бюро за перевод?", "Бюро берёт 300 рублей.", "Бюро берёт дорого."),
        ("Сколько дел выдают в день?", "Выдают пять дел.", "Выдают на 3 дня."),
        ("What is her name?", "She is Ann Lee.", "She is the head."),
        ("¿Cuál es el horario del museo?", "De lunes a viernes de 9 a 14.", "Es un museo."),
        ("What are the museum's opening hours?", "Closed on Sunday.", "A museum of art."),
        ("What are the working hours?", "You work 40 hours a week.", "Work is fun."),
        ("Який у музею графік роботи?", "З 9 до 18.", "Музей великий."),
        ("Какой график работы?", "Сменный, 2/2.", "Работа лёгкая."),
        ("Подскажите, пожалуйста, часы работы", "С 9 до 18.", "Касса у входа."),
        ("Opening hours of the pool?", "It opens at 9.", "The pool is warm."),
        ("Wie sind die Öffnungszeiten?", "Von 9 bis 18 Uhr.", "Das Museum."),
    ],
)
def test_the_kind_of_answer(question: str, has: str, has_not: str) -> None:
    assert (lacks_answer_type(question, has), lacks_answer_type(question, has_not)) == (False, True)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "library",
        "What is a lighthouse?",
        "Which cost is the highest?",
        "What time zone is it?",
        "What is the name of the wifi network?",
        "What is the river's name?",
        "What is the name of the driver training course?",
        "Як змінити графік роботи?",
        "Чи можна змінити графік роботи?",
        "Как изменить график работы?",
        "Can I choose my working hours?",
        "How do I change the opening hours?",
        "What happens outside opening hours?",
        "What is the rule about working hours?",
        "Який режим роботи вибрати для шерсті?",
    ],
)
def test_no_kind_no_lack(question: str) -> None:
    assert not lacks_answer_type(question, "Nothing.")


def test_what_the_question_says_is_no_answer() -> None:
    assert lacks_answer_type("When did the rules of 2019 end?", "The rules of 2019 ended.")


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        ("Хто такий Андрій Садовий?", "за словами голови Андрія Садового", 0),
        ("Кто мэр Ташкента?", "мэр города сказал", 1),
        ("Who is Anna Berg?", "Anna came home", 0.5),
        ("Скільки коштує новий iPhone?", "вартість вагона", 1),
        ("Who is Andriy Sadovyi?", "за словами голови", 0),
        ("Хто мер Києва?", "Київ обрав мером Кличка", 0),
        ("Когда умер Пётр Первый?", "Петр Первый умер в 1725", 0),
        ("Де помер Лев Толстой?", "смерть Льва Толстого", 0),
        ("who is it", "nobody", 0),
        ("WHO IS IT", "nobody", 0),
    ],
)
def test_names_in_all_cases(question: str, text: str, share: float) -> None:
    assert names_lacked(question, text) == share


@pytest.mark.parametrize(
    ("question", "text", "language", "share"),
    [
        ("How many calories has a dumpling?", "Twelve dumplings for four people.", "en", 0.5),
        ("What is the name of Anna's mother?", "Anna came with her mother.", "en", 0),
        ("How long can it be frozen?", "It keeps in the freezer.", "en", 0),
        ("Если кофемолка не включается", "Не включать без крышки: кофемолка греется.", "ru", 0),
        ("What does the ticket cost?", "Tickets cost 5 euros.", "en", 0),
        ("Какие песни поёт хор?", "Хор пел в саду.", "ru", 1 / 3),
        ("Скільки коштує квиток?", "Квитки по 5 грн.", "uk", 0),
        ("Was kostet eine Karte?", "Das Museum.", "de", 0),
    ],
)
def test_the_words_that_a_text_lacks(question: str, text: str, language: str, share: float) -> None:
    assert words_lacked(question, text, language) == pytest.approx(share)


@pytest.mark.parametrize(
    ("question", "sentence", "opposite"),
    [
        ("Какая температура в большой чаше?", "В малой чаше 30 градусов.", True),
        ("Какая температура в большой чаше?", "В большой чаше теплее, чем в малой.", False),
        ("When does the last bus leave?", "The first bus leaves at 6:15.", True),
        ("Коли відкривають басейн?", "Басейн зачиняють о 22:00.", True),
        ("When does it open?", "It opens at nine.", False),
        ("Де взяти велосипед?", "Біля малої каси.", False),
    ],
)
def test_the_opposite(question: str, sentence: str, opposite: bool) -> None:
    assert says_the_opposite(question, sentence) is opposite


@pytest.mark.parametrize(
    ("question", "scores", "best"),
    [
        ("Сколько варить мясо?", [0.9, 0.87], 1),
        ("Сколько варить мясо?", [0.9, 0.7], 0),
        ("Чем заменить мясо?", [0.9, 0.87], 0),
    ],
)
def test_a_sentence_with_what_is_asked_is_marked(
    question: str, scores: list[float], best: int
) -> None:
    sentences = ["Мясо варят на слабом огне.", "Его варят 70 минут."]
    assert answering_sentence(question, sentences, np.array(scores)) == best


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("How long is the bridge?", "Since 2024 the bridge is 412 metres long.", "412 metres"),
        ("How many people live in Lviv?", "Some 1.2 million live there.", "1.2 million"),
        ("How long did it take?", "It took three years to build.", "three years"),
        ("How many days do I have?", "You have 14 working days.", "14 working days"),
        ("How many litres does it hold?", "Volume | Value: 1.7 litres", "1.7 litres"),
        ("How long is it?", "It is a 14-day course.", "14-day"),
        ("How much do I owe?", "You owe US$ 450 in all.", "US$ 450"),
        ("How much do I owe?", "You owe 450 in all.", "450"),
        ("Скільки треба заплатити?", "Заплатіть 450 грн за рік.", "450 грн"),
        ("Скільки днів є?", "Є 14 календарних днів.", "14 календарних днів"),
        ("Сколько времени есть?", "Есть 14 дней, не больше.", "14 дней"),
        ("Сколько весит чаша?", "Чаша весит 3,5 кг.", "3,5 кг"),
        ("Сколько процентов?", "Пришло 20 % людей.", "20 %"),
        ("Скільки людей прийшло?", "Прийшло 350 тис. людей.", "350 тис."),
        ("Сколько стоит сауна?", "Сауна стоит 3 200 рублей за 2 часа.", "3 200 рублей"),
        ("When was it opened?", "It was opened on 14 September 2024.", "14 September 2024"),
        ("Коли відкрили школу?", "Школу відкрили 3 березня 1962 року.", "3 березня 1962 року"),
        ("When was it opened? · Who paid?", "The city paid in 2024.", None),
        ("Which phone number has the pool?", "The pool: 0800 300 145.", "0800 300 145"),
        ("What percentage came?", "About 12.5 % came.", "12.5 %"),
        ("What time does it open?", "It opens at 9:00 and closes at 17:30.", None),
        ("How many boats came in 2019?", "In 2019 many boats came.", None),
        ("Who opened it?", "Anna Berg opened it.", None),
        ("How many days does it take?", "It takes 3-5 days.", None),
        ("How much is it?", "It costs $5-7.", None),
        ("How much does it cost?", "It cost US$5 million.", "US$5 million"),
        ("What percentage came?", "About 10 to 15 percent.", None),
        ("Скільки коштує квиток?", "Від 8 до 12 грн.", None),
        ("Скільки коштує квиток?", "Квиток: 8 грн 50 коп.", None),
        ("Сколько стоит билет?", "300-500 рублей", None),
        ("What is the phone number?", "The club, 1964-2011.", None),
        ("What is the phone number?", "Pay to UA21 3223 1300 0002 6007 2335 6600 1.", None),
        ("What is the phone number?", "Call (044) 123-45-67.", "(044) 123-45-67"),
        ("How many floors are there?", "The house at 12 River Lane has several floors.", None),
        ("How many rooms are there?", "Room 101 is the largest.", None),
        ("When can I come?", "You may attend.", None),
        ("When is it?", "On 3-5 May 2024.", None),
        ("When does it open?", "At 9 a.m. every day.", "9 a.m."),
        ("Сколько стоит копия?", "Услуга: Копия | Цена, руб.: 8 | Скидка: с 50 — 6 руб.", "8"),
        ("Скільки коштує зал?", "Зал: Малий | Вартість (грн): 2 500 | Далі: 900 грн", "2 500"),
        ("How much does a copy cost?", "Item: Copy | Size: 4 | EUR: 0.50 | Note: or $6", "0.50"),
        ("How much does a copy cost?", "Item: Copy | Price: €8 | Size: 4", "€8"),
        ("How much does a copy cost?", "Item: Copy | Price: 8 | Fee: 2", None),
        ("How much is the tour?", "The tour of 14 rooms at 10 costs 5 euros.", "5 euros"),
        ("How much is a ticket?", "The hall has 300 seats.", None),
        ("How much is entry?", "In 2024 entry is free of charge.", "free of charge"),
        ("How much is a child's ticket?", "Adults 12 EUR, children free.", None),
        ("How much is it to park?", "It is EUR 15 for 2 hours.", "EUR 15"),
        ("Скільки коштує вхід?", "З 2019 року вхід безкоштовний.", "безкоштовний"),
        ("Скільки платити за зал?", "Зал на 40 місць коштує 1500 грн.", "1500 грн"),
        ("Яка вартість оренди?", "Оренда на 3 години.", None),
        ("Сколько платить за вход?", "Взрослым 5 минут ходьбы, вход 300 руб.", "300 руб"),
        ("Сколько стоит вход?", "Вход для 2 человек бесплатный.", "бесплатный"),
        ("What is the weight of the kettle?", "It holds 1.7 l and weighs 0.9 kg.", "0.9 kg"),
        ("How heavy is it?", "It has 4 legs.", None),
        ("Яка маса чайника?", "Чайник на 1,7 л має масу 900 г.", "900 г"),
        ("Какая масса нетто?", "Коробка 30 см, масса 10кг.", "10кг"),
        ("Сколько весит чаша?", "Чаша 1957 года, 12 см.", None),
        ("What volume has the tank?", "The tank is 40 cm high.", None),
        ("Який об’єм бака?", "Бак заввишки 40 см має 5 м³.", "5 м³"),
        ("Какой объём бака?", "Бак на 2 ведра, 25 литров.", "25 литров"),
        ("What temperature is it?", "At 9:00 there are 14 people and −5 °C.", "−5 °C"),
        ("Яка температура води?", "Вода в 6 доріжках має 27 градусів.", "27 градусів"),
        ("Какая температура в зале?", "В зале 40 мест.", None),
        ("How long is the bridge?", "The bridge has 7 arches.", None),
        ("Яка довжина мосту?", "Міст має 7 арок і 412 м.", "412 м"),
        ("Какая высота башни?", "В башне 7 этажей.", None),
        ("До какого числа платить?", "Платят до 25 числа.", "25"),
        ("How many working days does it take?", "It takes 5 working days.", "5 working days"),
        ("When was it declared?", "24.08.1991 Ukraine declared it.", "24.08.1991"),
        ("How much is a ticket?", "12.50 EUR per person.", "12.50 EUR"),
        ("Скільки робочих днів чекати?", "Чекати треба 5 робочих днів.", "5 робочих днів"),
        ("Сколько нужно дней?", "Нужно 5 дней.", "5 дней"),
        ("Wann begann es?", "5. August 1991 begann es.", "5. August 1991"),
        ("What year was it founded?", "1991. Foundation of the club.", "1991"),
        ("How many rooms has the flat?", "1. The Landlord lets the first-floor flat.", None),
        ("Сколько лет Егору?", "1.2 Наниматель — Егор.", None),
        ("How many people came?", "1.2 million people came.", "1.2 million"),
        ("How many times was it renewed?", "It is renewed every 30 days.", None),
        ("How many days is it valid?", "It is valid for 30 days.", "30 days"),
        ("How many flats use the key?", "A trial of the key ends in 30 days.", None),
        ("How many calories has it?", "Take 5 eggs and 400 g of flour.", None),
        ("Скільки мл приймати?", "Приймати по 5 мл о 9 годині.", "5 мл"),
        ("Скільки мл приймати?", "Зберігати за 25 °C.", None),
        ("How many minutes is it to the port?", "Stop: Port | Minutes: 41", "41"),
        ("Сколько варить рис?", "На стакан риса 2 стакана воды.", None),
        ("Сколько стоит втулка?", "Втулка — 700 рублей, для членов клуба 400.", None),
        ("How much is a key?", "A key costs £22; call 01632 960 417.", "£22"),
    ],
)
def test_the_answers_own_words(question: str, sentence: str, words: str | None) -> None:
    span = answer_span(question, sentence)
    assert (span and sentence[slice(*span)]) == words


@pytest.mark.parametrize(
    ("question", "sentence", "hardly"),
    [
        ("Кто мэр Ташкента?", "Из Ташкента прибыла делегация врачей.", True),
        ("Кто мэр Киева?", "Кличко, мэр Киева, встретил Анну.", False),
        ("What does a ticket cost?", "Tickets are sold at the entrance.", True),
        ("Why did they raise the price?", "Because the suppliers went bankrupt.", False),
        ("What is included in the price?", "Breakfast and parking.", False),
        ("От чего зависит цена?", "Она зависит от сезона.", False),
        ("What does the firm do to cut costs?", "It switches off the lights.", False),
        ("How much does a room cost?", "Double room: 1500", False),
        ("Скільки коштує стрижка?", "Стрижка: 1200", False),
        ("How much is gold membership?", "Gold members get two guest passes.", True),
        ("How much is gold membership?", "Gold: 40 a month.", False),
        ("Скільки коштує стрижка?", "Послуга: Стрижка | Майстер: 450 | Топмайстер: 600", False),
        ("Скільки коштує стрижка?", "Послуга: Стрижка | Майстер: Ольга", True),
        ("How much does a ticket cost?", "Tickets are sold at the entrance.", True),
        ("How many tickets are there?", "Tickets are sold at the entrance.", False),
        ("Who can apply?", "Anyone over 18 can apply.", False),
        ("Хто може подати заяву?", "Заяву може подати власник.", False),
        ("Who built the bridge?", "Workers built it.", True),
        ("Кто построил мост?", "Рабочие построили его.", True),
        ("Кто построил мост?", "Зотова построила его.", False),
        ("Why is the road shut?", "The road is shut on Monday.", True),
        ("How high is the tower?", "The tower is from 1864.", True),
    ],
)
def test_what_hardly_answers(question: str, sentence: str, hardly: bool) -> None:
    assert lacks_specific_answer_type(question, sentence) is hardly


@pytest.mark.parametrize(
    "question",
    [
        "Який номер телефону бібліотеки?",
        "Какой у школы телефон?",
        "телефон школи?",
        "IT department phone number?",
        "What is the club's e-mail address?",
        "How much does a massage cost?",
        "О котрій відкривається каса?",
        "На яку електронну адресу писати?",
        "What are the opening hours?",
    ],
)
def test_what_is_plain_is_asked_for(question: str) -> None:
    assert needs_literal_answer(question)


@pytest.mark.parametrize(
    "question",
    [
        "Хто директор бібліотеки?",
        "Чи можна користуватися телефоном у читальній залі?",
        "Хто винайшов телефон?",
        "Как подключить телефон?",
        "Какой телефон лучше купить?",
        "Во сколько слоёв наносят лак?",
        "Which year is compulsory?",
        "Is an e-mail enough as notice?",
        "Чи передає бібліотека електронну адресу читача?",
        "What happens if I change my phone number?",
        "Хто затверджує графік роботи?",
        "Кто утверждает график работы?",
        "Who approves the working hours?",
        "How many working hours are in a week?",
        "Why did the opening hours change?",
    ],
)
def test_a_phone_or_email_is_only_spoken_of(question: str) -> None:
    assert not needs_literal_answer(question)


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("Скільки саджанців висаджують?", "Заявник висаджує три саджанці.", True),
        ("How many apples are there?", "There are 64 apples.", True),
        ("How many apples are there?", "There are 64 trees.", False),
        ("Сколько секунд молоть перец?", "Кофе молите 25 секунд.", False),
        ("Where are the apples?", "There are 64 apples.", False),
        ("How many students are there?", "University students pay half.", False),
        ("How many students are there?", "Several students live there.", False),
        ("How many students are there?", "Twelve thousand students.", True),
        ("How many seats are there?", "Empty seats are sold at the door.", False),
        ("How many employees are there?", "In 1990 employees went on strike.", False),
        ("How many employees are there?", "It has 1,990 employees.", True),
        ("How many rooms are there?", "There are many rooms and no rooms.", False),
        ("How many guest rooms are there?", "It has 20 guest rooms.", True),
        ("How many guest rooms are there?", "It has 20 rooms.", True),
        ("How many guest rooms are there?", "It has 20 guests.", False),
        ("Сколько в городе гостиниц?", "Она построена в 1850 в стиле ампир.", False),
        ("Сколько в городе гостиниц?", "В нём 25 гостиниц.", True),
        ("Скільки нових учнів прийшло?", "Прийшло двадцять нових учнів.", True),
        ("Скільки нових учнів прийшло?", "Збудували 20 нових шкіл.", False),
        ("Скільки мешканців у місті?", "У місті два мільйони мешканців.", True),
    ],
)
def test_the_number_of_what_is_counted(question: str, sentence: str, holds: bool) -> None:
    assert holds_count(question, sentence) is holds


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("what is ruth ansell's phone number", "Skladen support: 8 800 555-21-90.", True),
        ("what is the library's phone number", "Library: 8 800 555-21-90.", False),
        ("what is the phone number", "Library: 8 800 555-21-90.", False),
        ("what is ruth's address", "Ruth, 9 Orchard Lane.", False),
        ("who is ruth ansell", "Skladen support: 8 800 555-21-90.", False),
        ("what is ruth ansell's phone number", "Рут Енселл: 8 800 555-21-90.", False),
        ("What is Ruth Ansell's phone number?", "Call Tom Beck at 8 800 555-21-90.", True),
        ("What is Ruth Ansell's phone number?", "Call us at 8 800 555-21-90.", False),
        ("What is Ruth Ansell's phone number?", "Our WhatsApp: 8 800 555-21-90.", False),
        ("Який телефон Олени Коваленко?", "Тарас Шевчук: 044 123 45 67.", True),
        ("Який телефон Олени Коваленко?", "Олена Коваленко: 044 123 45 67.", False),
        ("Какой телефон у Ольги Петровой?", "Иван Сидоров: 044 123 45 67.", True),
        ("Какой телефон у Ольги Петровой?", "Приёмная: 044 123 45 67.", False),
        ("What is the company's phone number?", "Skladen support: 8 800 555-21-90.", False),
        ("What is the phone number of customer service?", "Hotline: 8 800 555-21-90.", False),
        ("Which email address should I write to?", "Tom Beck: tom@beck.com.", False),
        ("По какому номеру телефона можно позвонить?", "Иван Сидоров: 044 123 45 67.", False),
        ("За яким номером телефону дзвонити?", "Тарас Шевчук: 044 123 45 67.", False),
        ("Wie lautet die Telefonnummer des Museums?", "Telefon: 0228 123 45 67.", False),
        ("Wie ist die Telefonnummer?", "Rathaus Bonn: 0228 123 45 67.", False),
        ("¿Cuál es el teléfono?", "Skladen: 0228 123 45 67.", False),
    ],
)
def test_whose_phone_number_it_is(question: str, text: str, other: bool) -> None:
    assert is_contact_of_another(question, text) is other


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("What does E3 mean?", "Error E7: no water", True),
        ("What does error S1 mean?", "Error S15: no licence", True),
        ("What does E3 mean?", "E3: door open. E7: no water", False),
        ("What does E3 mean?", "E 03: door open", False),
        ("what does e3 mean", "Error E-7", True),
        ("Що означає помилка Е03?", "Помилка Е 03 — порожній бак", False),
        ("Що означає помилка E03?", "Помилка Е03 — порожній бак, Е04 — немає води", False),
        ("Що означає помилка Е05?", "Помилка Е 03 — порожній бак", True),
        ("Кто создал АК47?", "АК-47 создал Калашников", False),
        ("When did WW2 end?", "World War II ended in 1945", False),
        ("What was the revenue in Q3?", "In the third quarter it was 5 million", False),
        ("What was the revenue in Q3?", "Q2: 4 million", True),
        ("Яка площа у м2?", "Площа 40 м³", False),
        ("How much CO2 is emitted?", "12 t of CO2 in 2020", False),
        ("What is A4?", "A sheet. Take 3 of them", False),
        ("When did it begin?", "E7", False),
    ],
)
def test_a_text_names_another_code(question: str, text: str, other: bool) -> None:
    assert names_other_code(question, text) is other
