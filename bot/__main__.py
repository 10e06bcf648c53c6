"""python -m bot: Telegram when there is a token, otherwise the terminal."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from bot.logs import set_up_logs
from bot.process_hardening import hide_secrets
from bot.settings import SECRETS, Settings, load_settings
from bot.terminal import say
from embeddings import (
    Model,
    Searcher,
    build_index,
    configure_process,
    current_manifest,
    find_model,
    prioritized,
    progress_bar,
)
from embeddings.errors import (
    IndexDamaged,
    IndexUnavailable,
    PassageBotError,
    StoreError,
    UsageError,
)

if TYPE_CHECKING:
    from bot.replicas.membership import Membership
    from bot.services.index_updater import IndexUpdater

logger = logging.getLogger(__name__)

_INTERRUPTED = 130


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="passage-bot", message="%(version)s")
def main() -> None:
    """Answer questions from a folder of articles.

    In Telegram when TELEGRAM_BOT_TOKEN is set, otherwise in the terminal, or from a pipe. Settings
    are read from the environment and from the file .env in this folder.

    Exit status: 0 ended when told to, 1 the work failed, 2 wrong usage or a wrong setting.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # without it, process 1 ignores SIGTERM
    configure_process()
    sys.exit(_run())


def _run() -> int:
    """Return the exit status; what goes wrong is said in one line."""
    tell: Callable[[str], object] = say
    try:
        settings = load_settings()
        configure_process(settings.model_dir)  # also for what finds it by itself: languages
        hide_secrets(SECRETS)
        if settings.token and settings.log_format == "json":  # a log of JSON holds nothing else
            tell = logger.warning
        chosen = settings.token or "log_level" in settings.model_fields_set
        set_up_logs(
            settings.log_level if chosen else "WARNING",
            {"token": settings.token, "secret": settings.secret},
            settings.log_format,
        )
        if not chosen:  # what takes a minute at the first start is said
            logging.getLogger("embeddings.model").setLevel(logging.INFO)
        _serve(settings)
    except PassageBotError as error:
        tell(f"Error: {error}")
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the reader of our output has closed it; rich exits
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        logger.debug("unexpected", exc_info=True)
        tell(
            f"Error: something unexpected went wrong ({type(error).__name__}). "
            "LOG_LEVEL=DEBUG shows where."
        )
        return 1
    return 0


def _serve(settings: Settings) -> None:
    if settings.token is None:
        from bot import first_start, terminal

        if terminal.must_be_there():
            first_start.offer_folder(settings.seeds_dir)
        with _loaded(settings, _brought_up_to_date) as index_updater:
            index_updater.start()
            terminal.run(index_updater.question_worker, settings.state_dir)
    else:
        from bot.app import Session
        from bot.services.health import Health

        membership = None
        with ExitStack() as stack:
            if settings.is_replicated:  # other processes may share the work
                from bot.replicas.membership import Membership

                membership = Membership(settings.database_url, settings.bot_id)
                stack.enter_context(membership)
            with Health(settings.health_port, settings.health_listen).from_a_thread():
                loaded = _loaded(settings, _opened_at_once, membership)
                index_updater = stack.enter_context(loaded)
                index_updater.question_worker.warm_up()
                index_updater.start()
            asyncio.run(Session(settings, index_updater, membership).serve())


@contextmanager
def _loaded(
    settings: Settings,
    opened: Callable[[Settings, Model, Model], Searcher],
    membership: "Membership | None" = None,
) -> Iterator["IndexUpdater"]:
    """Load the model and the index, and let go of them at the end."""
    from bot.services.index_updater import IndexUpdater
    from bot.services.question_worker import QuestionWorker

    model = find_model(settings.embedding_model, settings.model_dir, settings.encoder_runtime)
    for_questions, for_builds = prioritized(model)
    question_worker = QuestionWorker(opened(settings, model, for_questions))
    index_updater = IndexUpdater(
        settings.seeds_dir,
        settings.index,
        for_builds,
        question_worker,
        may_build=lambda: settings.index_url is None or membership is None or membership.is_elected,
    )
    try:
        yield index_updater
    finally:
        index_updater.close()
        question_worker.close()


def _opened_at_once(settings: Settings, _model: Model, for_questions: Model) -> Searcher:
    """Open the index as it is, or an empty one: what is missing is built while the bot serves."""
    options = (for_questions, settings.calibration, settings.reranker_model)
    try:
        return Searcher.open(settings.index, *options)
    except StoreError as error:
        if settings.index_url and isinstance(error, IndexUnavailable):
            raise  # a build could not reach it either
        logger.warning("the index is built now, and until then nothing is found: %s", error)
        return Searcher.empty(*options, error if isinstance(error, IndexDamaged) else None)


def _brought_up_to_date(settings: Settings, model: Model, for_questions: Model) -> Searcher:
    """Bring the index up to date before anybody asks, on all cores, and open it."""
    place = (settings.index, for_questions, settings.calibration, settings.reranker_model)
    _bring_up_to_date(settings, model)
    try:
        return Searcher.open(*place)
    except IndexDamaged as error:
        say(f"{error} That is done now.")
        _bring_up_to_date(settings, model, full=True)
        return Searcher.open(*place)


def _bring_up_to_date(settings: Settings, model: Model, *, full: bool = False) -> None:
    """Build what is missing or stale; an index that is there goes on serving if that fails."""
    try:
        with progress_bar() as progress:
            result = build_index(
                settings.seeds_dir, settings.index, model, full=full, progress=progress
            )
    except PassageBotError as error:
        try:
            current_manifest(settings.index)
        except StoreError:
            raise error from None
        say(f"The index was not brought up to date. {error}")
        return
    if result.published:
        for entry in result.skipped:
            say(f"Skipped {entry.path!r}: {entry.reason}.")
        say(f"Indexed {result.articles} articles, {result.passages} passages.")


if __name__ == "__main__":
    main()
