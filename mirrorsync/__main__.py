"""Entry point: `mirrorsync` and `python -m mirrorsync`."""

from __future__ import annotations

import os
import sys

from mirrorsync.errors import MirrorSyncError, UsageError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code (0 done, 2 wrong usage, 1 anything else).

    What MirrorSync can explain becomes one sentence on standard error; a traceback only with `--debug`.
    """
    # Scoring multiplies small matrices: BLAS threads would only take the cores from the landmarkers.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from mirrorsync.cli.app import run  # heavy parts stay unloaded until a command needs them

    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    try:
        return run(words)
    except MirrorSyncError as error:
        if debug:
            raise
        sys.stderr.write(f"mirrorsync: {error}\n")
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        sys.stderr.write("mirrorsync: stopped.\n")
        return 1
    except BrokenPipeError:
        # The reader (`head`, say) has seen enough; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if debug:
            raise
        sys.stderr.write(
            f"mirrorsync: something unexpected happened ({type(error).__name__}: {error}); "
            "run the same command with --debug and report what it prints.\n"
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
