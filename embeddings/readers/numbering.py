"""The numbers of lists as they are printed: 3, c, C, iii, III."""

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN = 3999
BULLET = "• "
LATIN = "abcdefghijklmnopqrstuvwxyz"


def letter(number: int) -> str:
    """Return a number of 1 or more as letters: a, b, …, z, aa, ab and so on."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, len(LATIN))
        letters = LATIN[rest] + letters
    return letters


def roman(number: int) -> str:
    """Return a number as a Roman one in small letters; as it is when it has none."""
    if not 0 < number <= _MOST_ROMAN:
        return str(number)
    letters = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters += sign * count
    return letters
