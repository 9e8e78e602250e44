"""The process in which one table is read: it comes in by standard input, its texts go out by standard output.

As with the cleaning of files (``box/files/child.py``) a hostile one finds here no key, no database, no environment and
little memory and time; and no file or connection that it could open, for not one more descriptor is granted.

The answer is a line of JSON, ``{"size": …, "sheets": …}`` followed by so many bytes of JSON, or ``{"refused": …}``.
"""

import codecs
import json
import resource
import sys
from pathlib import Path

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 40


def _confine() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _open_nothing_more() -> None:
    """Neither a file nor a socket: the three that are open stay."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def main() -> None:
    """Read what comes in, and say how that went."""
    _confine()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    from journal.importing.refusals import NotRead, Why
    from journal.importing.table import ENCODINGS, MOST_BYTES, read

    for encoding in (*ENCODINGS, "utf-16-le", "utf-16-be", "cp437"):
        codecs.lookup(encoding)
    _open_nothing_more()
    rows, answer = b"", {}
    try:
        found, sheets = read(sys.stdin.buffer.read(MOST_BYTES + 1))
        rows = json.dumps(found, ensure_ascii=False).encode()
        answer = {"size": len(rows), "sheets": sheets}
    except NotRead as refusal:
        answer = {"refused": refusal.why.value}
    except MemoryError:
        answer = {"refused": Why.UNPACKS_TOO_BIG.value}
    except Exception:  # whatever a library meets in a broken file
        answer = {"refused": Why.BROKEN.value}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.write(rows)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
