"""What the scripts here ask of a running bot: all that needs a library, a picture or a process."""

import subprocess
import time

from bot.texts import texts_for
from tests.botapi import BotApi, Message, Person
from tests.paper import set_text, write_pdf

ADMIN = 42
PAGE = "The cider press costs six marks on Saturdays, and five marks on all other days."


def run(*command: str) -> str:
    """Run a command and return what it prints; what it says of an error is shown."""
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def settings(server: BotApi, url: str = "") -> str:
    """Return the first lines of a file of settings."""
    address = url or server.url
    return f"TELEGRAM_BOT_TOKEN={server.token}\nTELEGRAM_API_URL={address}\nADMIN_IDS={ADMIN}\n"


def ask(person: Person, question: str, answer: str, seconds: float = 90) -> Message:
    """Ask until the answer comes: articles may not be read yet, or the bot may be starting."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        person.says(question)
        heard = person.hears_sync(timeout=seconds)
        if answer in heard.text:
            return heard
        time.sleep(1)
    raise TimeoutError(f"{question} {heard.text}")


def converse(admin: Person) -> None:
    """Ask, add an article, look at its page, and at the statistics."""
    started = time.monotonic()
    ask(admin, "Who is Rustem Umerov?", "Umerov")
    print(f"answers; the first after {time.monotonic() - started:.1f} s")
    pdf = write_pdf([set_text(PAGE)], {"Title": "The orchard"})
    admin.sends_file("orchard.pdf", pdf, mime_type="application/pdf")
    found = ask(admin, "How much does the cider press cost?", "six marks")
    admin.presses(texts_for("en")("show_page"), on=found)
    while (shown := admin.hears_sync()).kind != "photo":
        pass
    print(f"added a PDF, and shows its page: {shown.text!r}")
    admin.says("/stats")
    while (shown := admin.hears_sync()).file is None or "30 days" not in shown.text:
        pass
    print(f"draws statistics: {shown.text.splitlines()[0]!r}")
