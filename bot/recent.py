"""Which message answers which, for questions that are changed after they were asked."""

from collections import OrderedDict

_REMEMBERED = 2000


class RecentAnswers:
    """Remembers the last answers, in memory: Telegram lets a message be changed for two days."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[int, int], int] = OrderedDict()

    def remember(self, chat: int, question: int, answer: int) -> None:
        """Note that a message answers another one in the same chat."""
        self._answers[chat, question] = answer
        if len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)

    def of(self, chat: int, question: int) -> int | None:
        """Return the message that answers a question."""
        return self._answers.get((chat, question))
