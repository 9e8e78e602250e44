"""A log that cannot tell who wrote, or what: no addresses, no bodies, no values of a failing statement."""

import logging
import threading
import traceback


class Nameless(logging.Filter):
    """Takes from a record whatever carries a request or its values."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = None
        if record.name.startswith("django.request") or record.name.startswith("django.security"):
            # Their messages hold the path, which may hold a token.
            record.msg, record.args = f"{record.name}: {getattr(record, 'status_code', '')}", ()
        return True


class PlainFormatter(logging.Formatter):
    """Time, level and message; of an error its kind and the places it passed, never its text.

    The text of a database error quotes the values of the row it failed on.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatException(self, ei: tuple) -> str:  # noqa: N802
        kind, _error, trace = ei
        places = "".join(
            f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n'
            for frame in traceback.extract_tb(trace)
        )
        return f"{places}{getattr(kind, '__name__', kind)}"


def thread_ended(args: threading.ExceptHookArgs) -> None:
    """A thread ended by an error: told as any other. Python's own way would print the error's text."""
    if args.exc_type is SystemExit:
        return
    logging.getLogger("trustbox").error(
        "A thread ended.", exc_info=(args.exc_type, args.exc_value, args.exc_traceback)
    )
