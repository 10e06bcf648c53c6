"""python -m bot.journal copy --to URL: move what was asked, answered and rated."""

import sys

import click

from bot.errors import SettingsError
from bot.journal.copy import copy
from bot.process_hardening import hide_secrets
from bot.settings import SECRETS, load_settings, with_driver
from embeddings.errors import PassageBotError, UsageError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Work on the journal of DATABASE_URL."""


@main.command("copy")
@click.option("--to", "target", required=True, metavar="URL", help="The database to copy it to.")
@click.option("--from", "source", metavar="URL", help="Copy this one instead of DATABASE_URL.")
def copy_journal(target: str, source: str | None) -> None:
    """Copy everything to another database, which must be empty; stop the bot first.

    A URL is written as for DATABASE_URL. What waits for an answer is not copied: a bot that is
    stopped leaves nothing, unless more than five seconds of questions wait.

    Exit status: 0 done, 1 the work failed, 2 wrong usage or a wrong setting.
    """
    try:
        settings = load_settings()
        hide_secrets(SECRETS)
        copied = copy(_address(source) if source else settings.database_url, _address(target))
    except PassageBotError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    click.echo("Copied " + ", ".join(f"{count} {name}" for name, count in copied.items()) + ".")


def _address(url: str) -> str:
    try:
        return with_driver(url)
    except ValueError as error:
        raise SettingsError(f"The address of the database is not right: {error}.") from error


if __name__ == "__main__":
    main()
