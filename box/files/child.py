"""The process in which one file is cleaned: it comes in by standard input and goes out, cleaned, by standard output.

A hostile file that takes a library over finds here no key, no database, no environment, no file it could write and
little memory and time. Started by path (``python -I box/files/child.py``), so that nothing but this tree and the
installed packages is ever imported. With the argument ``logo`` the file becomes a small picture.

The answer is a line of JSON, ``{"mime": …, "size": …}`` followed by the bytes, or ``{"refused": …}``.
"""

import json
import resource
import sys
from pathlib import Path

MOST_MEMORY = 1536 * 1024 * 1024
MOST_SECONDS = 30


def _confine() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Clean what comes in, and say how that went."""
    _confine()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    from box.files.cleaning import MOST_BYTES, clean, clean_logo
    from box.files.refusals import NotCleaned, Why

    blob, answer = b"", {}
    try:
        way = clean_logo if sys.argv[1:] == ["logo"] else clean
        blob, becomes = way(sys.stdin.buffer.read(MOST_BYTES + 1))
        answer = {"mime": becomes.mime, "size": len(blob)}
    except NotCleaned as refusal:
        answer = {"refused": refusal.why.value}
    except MemoryError:
        answer = {"refused": Why.UNPACKS_TOO_BIG.value}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.write(blob)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
