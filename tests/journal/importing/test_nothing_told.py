"""Unmistakable words come in by a file and go out as one: they lie nowhere but in the sealed rows."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from schools.models import School
from tests.factories import PASSWORD
from tests.journal.importing import files
from tests.journal.importing.way import begin
from tests.test_nothing_readable import WORDS
from tests.walls.test_leaks import _plain, assert_no_word_in
from tests.walls.test_matrix import traces_of

HEADS = ["№", "Дата", "Ф.И.О.", "Адрес", "Класс", "Содержание", "Меры", "Результат", "Категория"]


def test_no_word_of_a_table_is_in_a_statement_a_log_a_session_or_on_the_disk(
    school: School, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[bytes] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        rows = params if many else [params]
        heard.append(sql.encode())
        heard.extend(_plain(value) for row in rows for value in row or ())
        return execute(sql, params, many, context)

    words = [WORDS[name] for name in ("full_name", "address", "class_group", "summary", "measures")]
    good = [1, "12.01.2025", *words, WORDS["text"], WORDS["note"]]
    wrong = [WORDS["text"], WORDS["reason"], *words, WORDS["text"], WORDS["note"]]
    traces = b""
    with connection.execute_wrapper(listen):
        for rows in ([good, wrong], [good]):
            way = begin(client, school.slug, files.xlsx([HEADS, *rows]))
            answers = [client.get(f"{way.address}columns/"), way.tell(**{"category-0": "none"})]
            answers += [client.get(way.address), way.take("wrong"), way.take()]
            traces += b"".join(traces_of(answer) for answer in answers)
        exported = client.post(
            "/admin/journal/entry/export/", {"kind": "csv", "password": PASSWORD}
        )
        assert WORDS["summary"].encode() in b"".join(exported.streaming_content)
    sent = b"\n".join(heard)
    assert b"journal_incoming" in sent
    assert_no_word_in(sent, "a statement")
    assert_no_word_in(traces + str(exported.headers).encode(), "a title, an address or a header")
    assert_no_word_in(
        repr([one.get_decoded() for one in Session.objects.all()]).encode(), "a session"
    )
    assert_no_word_in(repr(list(LogEntry.objects.values())).encode(), "the admin's log")
    assert_no_word_in(caplog.text.encode(), "the log")
    for path in Path(settings.DATA_DIR).rglob("*"):
        if path.is_file():
            assert_no_word_in(path.read_bytes(), str(path.name))
