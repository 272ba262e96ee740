"""The API's description and its documentation name everything there is, and their examples are true."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app import errors
from app.archive import open_archive
from app.config import Settings
from app.web import decisions, feeds, uploads
from app.web.api import api
from app.web.app import create_app, create_app_from_environment
from app.web.examples import EXAMPLES
from app.web.pages import pages
from app.web.problems import EXPLAINED
from tests.serving import served

APIS = (*api.routes, *decisions.api.routes, *uploads.api.routes, *feeds.api.routes)
ALL = (*APIS, *pages.routes, *decisions.pages.routes, *uploads.pages.routes, *feeds.pages.routes)
DOCS = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with open_archive(Settings(home=tmp_path_factory.mktemp("openapi"))) as archive:
        yield create_app(archive)


@pytest.fixture(scope="module")
def described(app: FastAPI) -> Any:
    with served(app) as site:
        return site.get("/openapi.json").json()


def operations(described: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in described["paths"].items():
        for operation in methods.values():
            yield path, operation


def test_every_route_of_the_api_is_described_and_no_page_is(described: Any) -> None:
    routes = {route.path for route in APIS if isinstance(route, APIRoute)}
    assert set(described["paths"]) == routes
    assert len(routes) == 27


def test_every_operation_has_a_summary_a_description_and_examples(described: Any) -> None:
    for path, operation in operations(described):
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["tags"], path
        assert "422" in operation["responses"], path
        for status, response in operation["responses"].items():
            for media_type, content in response.get("content", {}).items():
                assert content["example"], (path, status)
                assert (media_type == "application/problem+json") == (int(status) >= 400), (path, status)
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])
            if parameter["schema"].get("type") == "integer":
                assert parameter["schema"]["minimum"] == 1, (path, parameter["name"])


def test_every_reference_in_the_description_resolves(described: Any) -> None:
    schemas = described["components"]["schemas"]
    names = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described))
    assert names
    assert set(names) <= set(schemas)
    assert "HTTPValidationError" not in schemas


def test_an_example_has_exactly_the_fields_of_its_type(described: Any) -> None:
    schemas = described["components"]["schemas"]
    for path, operation in operations(described):
        made = next(
            each for status, each in operation["responses"].items() if status in ("200", "201", "202")
        )
        content = made["content"].get("application/json")
        if content:
            named = content["schema"]["$ref"].rpartition("/")[2]
            assert set(content["example"]) == set(schemas[named]["properties"]), path
            assert set(schemas[named]["required"]) == set(schemas[named]["properties"]), path


def test_no_route_is_longer_than_ten_lines() -> None:
    for route in ALL:
        assert isinstance(route, APIRoute)
        body = inspect.getsource(route.endpoint).partition("def ")[2].splitlines()
        assert len(body) <= 10, route.path


def test_nothing_is_changed_but_by_deciding_taking_in_and_subscribing() -> None:
    changing = {route.path for route in ALL if isinstance(route, APIRoute) and route.methods != {"GET"}}
    questions = {"/api/v1/similar", "/similar"}  # too long for an address
    assert changing - questions == {
        "/api/v1/decisions",
        "/api/v1/decisions/{decision}/undo",
        "/api/v1/articles",
        "/api/v1/deliveries",
        "/decisions",
        "/decisions/{decision}/undo",
        "/api/v1/feeds",
        "/api/v1/feeds/import",
        "/api/v1/feeds/{feed}",
        "/api/v1/feeds/{feed}/poll",
        "/feeds",
        "/feeds/{feed}/poll",
        "/feeds/{feed}/remove",
        "/api/v1/deliveries/{delivery}/retry",
        "/deliveries/{delivery}/retry",
        "/deliveries",
        "/parcels/{parcel}/take",
    }


def test_the_documentation_names_every_route_and_every_parameter(described: Any) -> None:
    written = DOCS.read_text(encoding="utf-8")
    for path, methods in described["paths"].items():
        assert all(f"## {method.upper()} {path}\n" in written for method in methods)
    for _, operation in operations(described):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert f"`{parameter['name']}`" in written


def test_the_documentation_names_every_error() -> None:
    written = DOCS.read_text(encoding="utf-8")
    for name, error in inspect.getmembers(errors, inspect.isclass):
        if issubclass(error, errors.NewsfoldError):
            assert f"`{name}`" in written
    for kind in EXPLAINED:
        assert f"| {kind.status.value} | `/docs#{kind.name}` |" in written


def test_the_examples_of_the_documentation_are_those_of_the_api() -> None:
    blocks = re.findall(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    shown = [json.loads(block) for block in blocks]
    for name, example in EXAMPLES.items():
        assert example.model_dump(mode="json") in shown, name
    assert sum("type" in block for block in shown) == 2


def test_a_problem_leads_to_its_explanation(app: FastAPI) -> None:
    with served(app) as site:
        html = site.get("/docs").text
        for path in (
            "/api/v1/articles/9",
            "/api/v1/search?page=0",
            "/api/v1/search?q=%22",
            "/api/v1/search?x=1",
        ):
            anchor = site.get(path).json()["type"].partition("#")[2]
            assert f'id="{anchor}"' in html
        for answer in (
            site.post("/api/v1/search"),
            site.get("/api/v1/search", headers={"Host": "evil.example"}),
        ):
            assert f'id="{answer.json()["type"].partition("#")[2]}"' in html


def test_each_process_of_several_makes_the_site_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NEWSFOLD_HOSTS", "news.example, archive.example")
    with served(create_app_from_environment()) as site:
        for host in ("news.example", "archive.example", "localhost"):
            assert site.get("/api/v1/stories", headers={"Host": host}).json()["total"] == 0
        assert site.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert (tmp_path / "home" / "archive.db").is_file()
