"""Receiving what is sent: bodies and forms, written to a parcel as they come.

Law: nothing of what is sent is held in memory but single articles, and a parcel that is cut off is removed.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, TypeVar

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app import schema, shapes
from app.archive import Archive
from app.domain.article import ArticleId, DeliveryId
from app.domain.delivery import Outcome
from app.errors import ParameterError
from app.ingest.parcels import Packing
from app.intake import Manner, Split
from app.intake.fields import named_columns
from app.intake.files import Found
from app.web import forms
from app.web.deps import Parameters

_STEP = 1024 * 1024
_MOST_FILES = 10_000
_LONGEST_NAME = 300
_PLACE = f"POST {shapes.API}/articles"

T = TypeVar("T", bound="Sent")


class Sent(Parameters):
    """What is to be known of what is sent."""

    source: str | None = Field(
        default=None,
        max_length=_LONGEST_NAME,
        description="The outlet it comes from.",
        examples=["Harbour Gazette"],
    )
    split: Split = Field(default=Split.AUTO, description="Cut texts that hold several articles, or never.")
    map: str = Field(
        default="",
        max_length=2_000,
        description="Which column of an export is which field, where its name does not say it.",
        examples=["body_text=Rumpf, headline=Titel"],
    )

    @property
    def manner(self) -> Manner:
        """How it is to be read; raises ``ParameterError`` for a field that there is not."""
        named = [each for each in self.map.split(",") if each.strip()]
        return Manner(split=self.split, columns=named_columns(named))


class Chosen(Sent):
    """The same from the page, with what is to be done."""

    action: Literal["take", "look"] = "take"


class Named(Sent):
    """The same of a body that is one file."""

    name: str = Field(
        default="upload", max_length=_LONGEST_NAME, description="What a body that is one file is called."
    )


def take_article(archive: Archive, body: bytes, sent: Sent) -> schema.Taken:
    """Take in the one article that a body is, and say what became of it; raise ``ParameterError`` where it is none, and
    ``WithdrawnError``."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParameterError("body", "body: It is no JSON. Send one object, in UTF-8.") from error
    if not isinstance(told, dict):
        raise ParameterError("body", "body: It is no JSON object. Send several articles as a delivery.")
    name, packing = archive.parcels.pack()
    try:
        with packing.add("article.json") as stream:
            stream.write(body)
        [path] = packing.paths
        found = Found(place=_PLACE, file="article.json", path=path)
        report = archive.take(found, source=sent.source, manner=sent.manner)
    finally:
        archive.parcels.remove(name)
    if not report.items:
        reason = report.rejected[0].reason if report.rejected else "It holds no article."
        raise ParameterError("body", f"body: {reason}")
    if len(report.items) > 1:
        raise ParameterError(
            "body", "body: It holds several articles, which were taken. Send such as a delivery."
        )
    [item] = report.items
    if item.outcome is Outcome.WITHDRAWN and item.article:
        archive.article(ArticleId(item.article))  # raises what is known of it
    return shapes.shape_taken(report, item)


def is_form(request: Request) -> bool:
    """Return whether a request brings files as a form does."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


async def receive(request: Request, archive: Archive, named: Named, key: str | None) -> DeliveryId:
    """Write what a program sends to a parcel, and open the delivery for it."""

    async def fill(packing: Packing) -> Sent:
        if is_form(request):
            given = {field: getattr(named, field) for field in Sent.model_fields}
            return await _from_form(request, packing, Sent, given)
        with packing.add(named.name) as stream:
            async for chunk in request.stream():
                await run_in_threadpool(stream.write, chunk)
        return named

    name, _ = await _packed(archive, fill)
    return await run_in_threadpool(archive.announce, name, key=key)


async def receive_form(request: Request, archive: Archive) -> tuple[str, Chosen]:
    """Write the files of a page's form to a parcel; return its name, and what was chosen."""
    if not is_form(request):
        raise ParameterError("form", "form: This address takes files from its page; programs use /api/v1.")
    return await _packed(archive, lambda packing: _from_form(request, packing, Chosen, {}))


async def _packed(archive: Archive, fill: Callable[[Packing], Awaitable[T]]) -> tuple[str, T]:
    """Write a parcel; return its name, and what is to be known of it. One that is cut off is removed."""
    name, packing = await run_in_threadpool(archive.parcels.pack)
    try:
        sent = await fill(packing)
        await run_in_threadpool(packing.seal, source=sent.source, manner=sent.manner)
    except BaseException:
        archive.parcels.remove(name)
        raise
    return name, sent


async def _from_form(request: Request, packing: Packing, model: type[T], given: Mapping[str, object]) -> T:
    """Write the files of a form; return what it says of them, else what was given beside it."""
    told: dict[str, object] = dict(given)
    try:
        async with request.form(max_files=_MOST_FILES, max_fields=20) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    await _write(packing, value)
                elif value.strip():
                    told[name] = value.strip()
    except HTTPException as error:
        raise ParameterError("form", f"form: It cannot be read: {error.detail} Send it again.") from error
    if not packing.paths:
        raise ParameterError("files", "files: There is no file in it. Choose at least one.")
    return forms.checked(model, told)


async def _write(packing: Packing, upload: UploadFile) -> None:
    if not upload.filename and not upload.size:
        return  # what a browser sends for a field in which no file was chosen
    with packing.add(upload.filename or "") as stream:
        while chunk := await upload.read(_STEP):
            await run_in_threadpool(stream.write, chunk)
