"""python -m bot: Telegram when there is a token, otherwise the terminal."""

import logging
import os
import sys

from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from bot.terminal import say
from embeddings import (
    IndexMissing,
    Model,
    PassageBotError,
    Searcher,
    UsageError,
    build_index,
    current_manifest,
    find_model,
    progress_bar,
)

logger = logging.getLogger(__name__)

_INTERRUPTED = 130


def main() -> None:
    """Run the bot and end the process."""
    sys.exit(_run())


def _run() -> int:
    """Return the exit status; what goes wrong is said in one line."""
    try:
        settings = load_settings()
        set_up_logs(settings.log_level if settings.token else "WARNING", settings.token)
        _serve(settings)
    except PassageBotError as error:
        say(f"Error: {error}")
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        logger.debug("unexpected", exc_info=True)
        say(
            f"Error: something unexpected went wrong ({type(error).__name__}). "
            "LOG_LEVEL=DEBUG shows where."
        )
        return 1
    return 0


def _serve(settings: Settings) -> None:
    from bot.asker import Asker

    model = find_model(settings.embedding_model, settings.model_dir)
    _bring_up_to_date(settings, model)
    asker = Asker(Searcher.open(settings.index_dir, model))
    try:
        if settings.token is None:
            from bot import terminal

            terminal.run(asker, settings.state_dir)
        else:
            from bot import app

            asker.warm_up()
            app.run(settings, asker)
    finally:
        asker.close()


def _bring_up_to_date(settings: Settings, model: Model) -> None:
    """Build what is missing or stale; an index that is there goes on serving if that fails."""
    try:
        with progress_bar() as progress:
            result = build_index(settings.seeds_dir, settings.index_dir, model, progress=progress)
    except PassageBotError as error:
        try:
            current_manifest(settings.index_dir)
        except IndexMissing:
            raise error from None
        say(f"The index was not brought up to date. {error}")
        return
    if result.published:
        for entry in result.skipped:
            say(f"Skipped {entry.path!r}: {entry.reason}.")
        say(f"Indexed {result.articles} articles, {result.passages} passages.")


if __name__ == "__main__":
    main()
