"""The first start of an installed program, in a folder that has no articles yet."""

import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

_EXAMPLE = "share/passage-bot/seeds/"


def offer_folder(seeds: Path, ask: Callable[[str], str] = input) -> bool:
    """Offer to make the folder of articles, with the article that is installed with the program.

    Args:
        seeds: the folder; where there is one, nothing is asked.
        ask: shows a question and returns what the person typed.

    Returns:
        Whether it was made.
    """
    example = None if seeds.exists() else example_article()
    if example is None:
        return False
    typed = ask(f"There is no folder {seeds} yet. Make it, with an article to try? [Y/n] ")
    if typed.strip().lower() not in ("", "y", "yes"):
        return False
    seeds.mkdir(parents=True)
    shutil.copyfile(example, seeds / example.name)
    return True


def example_article() -> Path | None:
    """Return the article that is installed with the program; None in a checkout."""
    try:
        installed = files("passage-bot") or []
    except PackageNotFoundError:
        return None
    found = [Path(str(file.locate())) for file in installed if _EXAMPLE in file.as_posix()]
    return next((path.resolve() for path in found if path.is_file()), None)
