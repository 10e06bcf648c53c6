"""Keep the bot's secrets from other processes of the same user."""

import ctypes
import os
import sys
from collections.abc import Collection

_PR_SET_DUMPABLE = 4


def hide_secrets(names: Collection[str]) -> bool:
    """Remove secrets from the environment, and close /proc/PID to other processes of the user.

    Child processes would inherit these variables. Linux still shows them in /proc/PID/environ, so
    the process is made non-dumpable: only root can read its environment and memory. A debugger of
    the same user cannot attach either, and there are no core dumps. A program that the bot starts
    is dumpable again. The names of the variables may be in any case.

    Returns:
        Whether /proc was closed; False on systems other than Linux.
    """
    hidden = {name.upper() for name in names}
    for name in [name for name in os.environ if name.upper() in hidden]:
        del os.environ[name]
    if sys.platform != "linux":
        return False
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    return prctl is not None and prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
