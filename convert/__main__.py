"""The entry of the command line: runs the app so that whatever happens, the user reads one line and no traceback."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from types import FrameType

INTERRUPTED = 130
BROKEN_PIPE = 141


def main() -> None:
    """Run `nnflip` with the arguments of this process, and exit."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        from .cli.app import app

        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read us has gone. Python flushes stdout at exit and would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(BROKEN_PIPE)
    except Exception as error:
        if os.environ.get("NNFLIP_DEBUG"):
            traceback.print_exc()
        said = " ".join(str(error).split())[:200]
        print(
            f"error: internal error ({type(error).__name__}: {said}); please report this as a bug of nnflip, "
            "with what NNFLIP_DEBUG=1 adds to this line",
            file=sys.stderr,
        )
        sys.exit(2)


def _terminate(number: int, frame: FrameType | None) -> None:
    """End by an exception, so that temporary files are cleaned up."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
