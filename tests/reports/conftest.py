"""One process draws the documents of all these tests: most of what a document takes is beginning a process."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from reports.documents import author_notice, drawing
from reports.rendering import RenderProcess


@pytest.fixture(scope="session", autouse=True)
def _one_warm_process() -> Iterator[None]:
    turn = threading.Lock()
    begun: list[RenderProcess] = []
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:

        @contextmanager
        def warm() -> Iterator[RenderProcess]:
            with turn:
                if not begun or not begun[-1].is_alive:
                    begun.append(stack.enter_context(RenderProcess()))
                yield begun[-1]

        for module in (drawing, author_notice):
            patch.setattr(module, "ready_process", warm)
        yield
