"""What comes in over the web: single articles, deliveries in the background, what is too much or foreign."""

import gzip
import json
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path

import httpx
import pytest

from app.archive import Archive, open_archive
from app.domain.article import ArticleId, DeliveryId
from app.domain.delivery import Outcome, Report
from app.errors import ConflictError, NotFoundError
from app.ingest import deliver, pieces
from app.intake import AS_USUAL, office
from app.web.app import create_app
from tests.factories import NOW, article, make_settings, paragraph, write
from tests.serving import served
from tests.unit.test_intake_office import pdf

ARTICLE = {
    "title": "Bridge to be rebuilt",
    "text": paragraph(1),
    "url": "https://a.example/1",
    "source": "The Post",
}


@pytest.fixture
def site(home: Path) -> Iterator[httpx.Client]:
    with open_archive(make_settings(home, max_upload_mb=1)) as archive, served(create_app(archive)) as client:
        yield client


def finished(site: httpx.Client, address: str) -> dict[str, object]:
    """The report of a delivery when it has been read."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        report: dict[str, object] = site.get(address).json()
        if report["finished"]:
            return report
        time.sleep(0.1)
    raise AssertionError(report)


def test_an_article_is_created_once(site: httpx.Client) -> None:
    made = site.post("/api/v1/articles", json=ARTICLE)
    assert made.status_code == 201
    assert made.json()["outcome"] == "new"
    shown = site.get(made.headers["Location"]).json()
    assert (shown["headline"], shown["source"], shown["url"]) == (
        ARTICLE["title"],
        "The Post",
        ARTICLE["url"],
    )
    again = site.post("/api/v1/articles", json=ARTICLE)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    elsewhere = site.post("/api/v1/articles?source=The+Herald", json={**ARTICLE, "source": None})
    assert (elsewhere.status_code, elsewhere.json()["outcome"]) == (200, "seen")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "no JSON"),
        (b"[]", "no JSON object"),
        (b'{"title": "x"}', "no column is known to hold a text"),
        (b'{"text": " "}', "no text"),
        (b'{"articles": [{"text": "One of two."}, {"text": "Two of two."}]}', "several articles"),
        (b"\xff\xfe\x00", "no JSON"),
    ],
)
def test_what_is_no_article_is_told(site: httpx.Client, body: bytes, told: str) -> None:
    answer = site.post("/api/v1/articles", content=body)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]


def test_an_article_that_was_withdrawn_stays_so(site: httpx.Client) -> None:
    site.post("/api/v1/articles", json=ARTICLE)
    said = {"who": "Ada Marsh", "why": "The agency recalled it."}
    site.post("/api/v1/decisions", json={"action": "withdraw", "article": 1, **said})
    again = site.post("/api/v1/articles", json=ARTICLE)
    assert again.status_code == 410
    assert "recalled" in again.json()["detail"]


def test_files_are_taken_in_the_background(site: httpx.Client) -> None:
    files = [
        ("files", ("one.txt", article(1).encode())),
        (
            "files",
            (
                "many.jsonl.gz",
                gzip.compress(b"\n".join(json.dumps({"text": paragraph(n)}).encode() for n in range(9))),
            ),
        ),
        ("files", ("nothing.txt", b"")),
    ]
    sent = site.post("/api/v1/deliveries", files=files, data={"source": "The Herald"})
    assert sent.status_code == 202
    assert (sent.json()["files"], sent.json()["finished"]) == (3, None)
    report = finished(site, sent.headers["Location"])
    assert (report["articles_new"], report["source"], report["files_read"]) == (10, "The Herald", 3)
    assert [each["file"] for each in report["rejected"]] == ["nothing.txt"]  # type: ignore[attr-defined]
    items = site.get(f"{sent.headers['Location']}/items?outcome=new&page=2&page_size=8").json()
    assert (items["total"], len(items["items"]), items["next"]) == (10, 2, None)


def test_a_body_is_one_file(site: httpx.Client) -> None:
    body = "\n".join(json.dumps({"text": paragraph(n)}) for n in range(3)).encode()
    sent = site.post(
        "/api/v1/deliveries?name=mine.jsonl", content=body, headers={"Content-Type": "application/x-ndjson"}
    )
    report = finished(site, sent.headers["Location"])
    assert [each["file"] for each in report["items"]] == ["mine.jsonl"] * 3  # type: ignore[attr-defined]


def test_a_delivery_sent_twice_under_a_key_is_one(site: httpx.Client) -> None:
    headers = {"Idempotency-Key": "monday"}
    first = site.post("/api/v1/deliveries", content=article(1), headers=headers)
    second = site.post("/api/v1/deliveries", content=article(1), headers=headers)
    assert first.headers["Location"] == second.headers["Location"]
    other = site.post("/api/v1/deliveries", content=article(2), headers=headers)
    assert other.status_code == 409
    assert "monday" in other.json()["detail"]
    assert site.get("/api/v1/deliveries").json()["total"] == 1


@pytest.mark.parametrize("announced", [True, False])
def test_more_than_the_limit_is_refused(site: httpx.Client, announced: bool) -> None:
    much = bytes(1024 * 1024 + 1)
    content = much if announced else iter([much[: 1 << 19], much[1 << 19 :]])
    answer = site.post("/api/v1/deliveries", content=content)
    assert answer.status_code == 413
    assert "NEWSFOLD_MAX_UPLOAD_MB" in answer.json()["detail"]
    assert site.get("/api/v1/deliveries").json()["total"] == 0


@pytest.mark.parametrize(
    "path", ["/api/v1/articles", "/api/v1/deliveries", "/deliveries", f"/parcels/{'a' * 32}/take"]
)
def test_a_page_elsewhere_sends_nothing_here(site: httpx.Client, path: str) -> None:
    answer = site.post(
        path, content=b"x", headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_damaged_form_is_told(site: httpx.Client, content_type: str) -> None:
    answer = site.post("/api/v1/deliveries", content=b"--y\r\n", headers={"Content-Type": content_type})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] in ("form", "files")


def test_files_can_be_looked_at_before_they_are_taken(site: httpx.Client) -> None:
    files = {"files": ("../../odd <name>.txt", article(1).encode())}
    sent = site.post("/deliveries", files=files, data={"action": "look", "split": "never"})
    assert sent.status_code == 303
    page = site.get(sent.headers["Location"]).text
    assert "odd &lt;name&gt;.txt" in page
    assert "1 article" in page
    assert site.get("/api/v1/deliveries").json()["total"] == 0
    taken = site.post(f"{sent.headers['Location']}/take")
    assert taken.status_code == 303
    assert finished(site, f"/api/v1{taken.headers['Location']}")["articles_new"] == 1
    assert site.get(sent.headers["Location"]).status_code == 404


def test_a_form_without_a_file_is_sent_back(site: httpx.Client) -> None:
    answer = site.post("/deliveries", files={"files": ("", b"")}, data={"action": "take"})
    assert answer.status_code == 422
    assert "Choose at least one" in answer.text


def test_the_page_of_a_delivery_lists_by_outcome(site: httpx.Client) -> None:
    sent = site.post(
        "/api/v1/deliveries", content="\n".join(json.dumps({"text": paragraph(n)}) for n in range(30))
    )
    finished(site, sent.headers["Location"])
    page = site.get("/deliveries/1?outcome=new&page=2").text
    assert "Page 2 of 2" in page
    assert 'http-equiv="refresh"' not in page
    assert site.get("/deliveries/1?outcome=lost").status_code == 422


def announced(archive: Archive, *files: str, key: str | None = None) -> DeliveryId:
    name, packing = archive.parcels.pack()
    for number, text in enumerate(files):
        with packing.add(f"{number}.txt") as stream:
            stream.write(text.encode())
    packing.seal(source=None, manner=AS_USUAL)
    return archive.announce(name, key=key)


def export(first: int, last: int) -> str:
    return "\n".join(json.dumps({"title": f"Nr {n}", "text": paragraph(n)}) for n in range(first, last))


def figures(report: Report) -> tuple[int, int, int]:
    return len(report.items), report.count(Outcome.NEW, Outcome.DUPLICATE), len(report.rejected)


def test_a_delivery_that_is_cut_off_is_taken_up_where_it_stopped(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "_BATCH_DRAFTS", 4)
    with open_archive(make_settings(home), clock=lambda: NOW) as archive:
        delivery = announced(archive, export(0, 3), "", export(3, 16), export(16, 20))
        filed = 0

        def dies(*args: object) -> None:
            nonlocal filed
            filed += 1
            if filed == 3:
                raise KeyboardInterrupt
            real(*args)  # type: ignore[arg-type]

        real = deliver._file
        monkeypatch.setattr(deliver, "_file", dies)
        with pytest.raises(KeyboardInterrupt):
            archive.take_next()
        assert 0 < len(archive.delivery(delivery).items) < 20
        monkeypatch.setattr(deliver, "_file", real)
        assert not archive.take_next(), "the claim of the one that died still holds"
    with open_archive(make_settings(home), clock=lambda: NOW + timedelta(minutes=10)) as archive:
        assert archive.take_next()
        report = archive.delivery(delivery)
        assert figures(report) == (20, 20, 1)
        assert [item.article for item in report.items] == list(range(1, 21))
        assert report.finished is not None
        assert archive.totals().articles == 20
        assert not archive.take_next()
        assert not list((home / "parcels").iterdir())


def test_a_delivery_that_cannot_be_taken_in_makes_room_for_the_next(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = announced(archive, export(0, 3)), announced(archive, export(3, 6))

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("a reader with a hole in it")

    with monkeypatch.context() as broken:
        broken.setattr(pieces, "read", fails)
        with pytest.raises(RuntimeError):
            archive.take_next()
    assert archive.take_next()
    assert archive.delivery(first).finished is not None
    assert "given up" in archive.delivery(first).rejected[0].reason
    assert figures(archive.delivery(second)) == (3, 3, 0)


def test_a_key_names_one_content(archive: Archive) -> None:
    first = announced(archive, "a text", key="k")
    assert announced(archive, "a text", key="k") == first
    with pytest.raises(ConflictError, match="k"):
        announced(archive, "another text", key="k")


@pytest.mark.parametrize("name", ["..", "../home", "x", "A" * 32, ""])
def test_no_name_of_a_parcel_leads_elsewhere(archive: Archive, name: str) -> None:
    with pytest.raises(NotFoundError):
        archive.parcels.open(name)


def test_parcels_that_nobody_waits_for_are_forgotten(archive: Archive, home: Path) -> None:
    name, packing = archive.parcels.pack()
    packing.add("x").close()
    folder = home / "parcels" / name
    archive.take_next()
    assert folder.is_dir()
    os.utime(folder, (0, 0))
    archive.take_next()
    assert not folder.exists()


def test_what_was_rejected_is_read_again(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "in", a_txt=article(1))
    (folder / "b.pdf").write_bytes(pdf("Bridge to be rebuilt", "", paragraph(3)))
    (folder / "c.txt").write_bytes(b"")
    with monkeypatch.context() as missing:
        missing.setattr(office, "_IS_INSTALLED", False)
        first = archive.ingest([folder])
    assert [each.file for each in first.rejected] == ["b.pdf", "c.txt"]
    again = archive.retry(DeliveryId(1))
    assert [(each.file, each.outcome) for each in again.items] == [("b.pdf", Outcome.NEW)]
    assert [each.file for each in again.rejected] == ["c.txt"]
    assert archive.article(ArticleId(2)).sightings[0].file == "b.pdf"
    assert [each.outcome for each in archive.ingest([folder]).items] == [Outcome.UNCHANGED] * 2


def test_what_was_not_kept_cannot_be_read_again(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([write(tmp_path / "in", a_txt=article(1))])
    with pytest.raises(ConflictError, match="sent again"):
        archive.retry(DeliveryId(1))
    with pytest.raises(NotFoundError):
        archive.retry(DeliveryId(9))


def test_a_delivery_is_left_when_the_server_stops_and_taken_up_at_once(archive: Archive) -> None:
    delivery = announced(archive, export(0, 3), export(3, 6))
    stops = iter([False, True, True, True])
    assert not archive.take_next(stopping=lambda: next(stops))
    assert archive.delivery(delivery).finished is None
    assert archive.take_next()
    assert figures(archive.delivery(delivery)) == (6, 6, 0)


def test_a_delivery_that_is_taken_up_again_tells_the_stories_that_began_before_it_was_left(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "_BATCH_DRAFTS", 3)
    delivery = announced(archive, export(0, 4), export(4, 6))
    stops = chain([False] * 2, repeat(True))
    assert not archive.take_next(stopping=lambda: next(stops))
    left = archive.delivery(delivery)
    assert 0 < len(left.items) < 6
    assert left.finished is None
    assert archive.take_next()
    whole = archive.delivery(delivery)
    assert whole.articles_new == 6
    assert whole.stories_new == archive.totals().stories > 0


def test_what_was_looked_at_is_taken_once_however_often_it_is_asked_for(site: httpx.Client) -> None:
    files = [("files", ("one.txt", article(1).encode()))]
    looked = site.post("/deliveries", files=files, data={"action": "look"})
    parcel = looked.headers["location"]
    addresses = {site.post(f"{parcel}/take").headers["location"] for _ in range(3)}
    assert len(addresses) == 1
    report = finished(site, f"/api/v1{addresses.pop()}")
    assert report["articles_new"] == 1
    assert site.get("/api/v1/deliveries").json()["total"] == 1


def test_columns_are_named_over_the_web_too_and_once_more_with_a_retry(site: httpx.Client) -> None:
    table = f"Titel,Rumpf,Datum\nBridge,{paragraph(1)},2025-10-21\n"
    files = [("files", ("export.csv", table.encode()))]
    sent = site.post("/api/v1/deliveries", files=files, data={"map": "body_text=Rumpf, headline=Titel"})
    assert finished(site, sent.headers["Location"])["articles_new"] == 1
    sent = site.post("/api/v1/deliveries?map=body_text=Rumf", content=table.encode())
    report = finished(site, sent.headers["Location"])
    assert "no column 'Rumf'" in report["rejected"][0]["reason"]  # type: ignore[index]
    again = site.post(f"{sent.headers['Location']}/retry")
    report = finished(site, again.headers["Location"])
    assert "no column 'Rumf'" in report["rejected"][0]["reason"]  # type: ignore[index]
    wrong = site.post("/api/v1/deliveries?map=colour=Rumpf", content=table.encode())
    assert wrong.status_code == 422
    one = site.post("/api/v1/articles?map=body_text=rumpf", json={"titel": "Bridge", "rumpf": paragraph(2)})
    assert one.status_code == 201


def test_half_a_character_ends_no_delivery(site: httpx.Client) -> None:
    made = site.post(
        "/api/v1/articles", content=b'{"title": "Cut \\ud83d", "text": "Harwick votes on Monday. \\ud800"}'
    )
    assert made.status_code == 201
    assert site.get(made.headers["Location"]).json()["headline"] == "Cut �"
