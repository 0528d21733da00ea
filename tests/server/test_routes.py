"""Every route: who may ask, from where, and what errors look like."""

from __future__ import annotations

import json

import pytest
from jupyter_server.auth import Authorizer
from tornado.httpclient import HTTPClientError

from handoff_ext.contracts.errors import NotFound
from handoff_ext.server.handlers import HANDLERS
from handoff_ext.server.paths import confined

METHODS = ("get", "head", "post", "put", "patch", "delete")
ROUTES = [
    (method.upper(), pattern.removeprefix("/").replace("([0-9a-f]+)", "00ff"))
    for pattern, handler in HANDLERS
    for method in METHODS
    if method in vars(handler)
]
CHANGES = [route for route in ROUTES if route[0] != "GET"]
BODIES = [route for route in ROUTES if route[0] == "POST"]


class Nobody(Authorizer):
    """Lets nobody do anything."""

    def is_authorized(self, handler, user, action, resource):
        return False


def body_for(method):
    return "{}" if method == "POST" else None


async def failing_or_not(asked):
    """The status; of a failure also that it is a ``Failure``."""
    try:
        return (await asked).code
    except HTTPClientError as error:
        failure = json.loads(error.response.body)
        assert set(failure) == {"message", "hint"} and failure["message"]
        return error.code


@pytest.fixture
def signed_in(http_server_client, jp_serverapp, jp_base_url):
    """The cookie of a browser that signed in with the token in the address."""

    async def signing_in():
        token = jp_serverapp.identity_provider.token
        response = await http_server_client.fetch(f"{jp_base_url}api/status?token={token}")
        return "; ".join(line.split(";")[0] for line in response.headers.get_list("Set-Cookie"))

    return signing_in


def test_the_table_is_the_architectures():
    assert {(method, route.removeprefix("handoff/")) for method, route in ROUTES} == {
        ("POST", "check"),
        ("POST", "fix"),
        ("POST", "ignore"),
        ("POST", "variables"),
        ("POST", "steps"),
        ("POST", "facts"),
        ("POST", "inputs"),
        ("GET", "plan"),
        ("POST", "plan"),
        ("GET", "overview"),
        ("GET", "compare"),
        ("GET", "live"),
        ("POST", "live"),
        ("POST", "jobs"),
        ("GET", "jobs"),
        ("DELETE", "jobs/00ff"),
    }


@pytest.fixture
def codes(http_server_client, jp_base_url):
    """The status that each route answers with to these headers."""

    async def asking(routes, headers):
        return {
            (method, route): await failing_or_not(
                http_server_client.fetch(
                    f"{jp_base_url}{route}?path=a.ipynb", method=method, body=body_for(method), headers=headers
                )
            )
            for method, route in routes
        }

    return asking


async def test_nobody_asks_without_signing_in(codes):
    """With a right XSRF token, which anybody can make: only the sign-in is missing."""
    headers = {"Cookie": "_xsrf=00ff00ff", "X-XSRFToken": "00ff00ff"}
    assert await codes(ROUTES, headers) == dict.fromkeys(ROUTES, 403)


async def test_no_other_site_asks_in_the_users_name(codes, signed_in):
    """With the user's cookies alone, as a foreign page's request would carry them."""
    headers = {"Cookie": f"{await signed_in()}; _xsrf=00ff00ff"}
    assert await codes(CHANGES, headers) == dict.fromkeys(CHANGES, 403)


async def test_a_browser_with_cookies_and_token_may_ask(codes, signed_in):
    headers = {"Cookie": f"{await signed_in()}; _xsrf=00ff00ff", "X-XSRFToken": "00ff00ff"}
    assert 403 not in (await codes(ROUTES, headers)).values()


class TestAuthorizer:
    @pytest.fixture
    def jp_server_config(self, jp_server_config):
        jp_server_config.ServerApp.authorizer_class = Nobody
        return jp_server_config

    async def test_the_servers_authorizer_is_asked(self, codes, jp_auth_header):
        assert await codes(ROUTES, jp_auth_header) == dict.fromkeys(ROUTES, 403)


async def test_a_body_that_is_not_the_contracts_is_refused_without_an_echo(ask):
    for body in ("", "{", "[]", "null", '{"path": 3}', "\x00", '{"surprise": "hunter2"}'):
        for method, route in BODIES:
            code, failure = await ask(method, route.removeprefix("handoff/"), body)
            assert code == 400, (route, body)
            assert "hunter2" not in str(failure)


async def test_a_missing_argument_is_refused(ask):
    for route in ("plan", "overview", "live"):
        status, failure = await ask("GET", route)
        assert status == 400 and failure["message"]


async def test_other_methods_are_refused(ask):
    assert (await ask("GET", "check"))[0] == 405


def notebook(path):
    return {"path": path, "order": []}


OUTSIDE = ("../out.ipynb", "/etc/passwd", "link/out.ipynb", "a/../../out.ipynb", "", "loop")


async def test_paths_stay_below_the_servers_root(ask, jp_root_dir, tmp_path):
    (tmp_path / "out.ipynb").write_text("{}")
    (jp_root_dir / "link").symlink_to(tmp_path)
    (jp_root_dir / "loop").symlink_to(jp_root_dir / "loop")
    for path in OUTSIDE:
        asked = [
            await ask("POST", "check", notebook(path)),
            await ask("POST", "fix", {"notebook": notebook(path)}),
            await ask("POST", "steps", {"notebook": notebook(path)}),
            await ask("POST", "ignore", {"path": path, "rule": "PATH001", "reason": "why not"}),
            await ask("POST", "variables", {"path": path, "names": ["DB"]}),
            await ask("GET", "plan", path=path),
            await ask("POST", "plan", {"path": path, "plan": {}}),
            await ask("GET", "overview", path=path),
            await ask("POST", "jobs", {"kind": "test-run", "path": path}),
        ]
        assert [status for status, _ in asked] == [404] * len(asked), path
        assert all(str(tmp_path) not in failure["message"] for _, failure in asked)


@pytest.mark.parametrize("path", ["a\x00b", "C:\\a.ipynb", "..\\a.ipynb", "\\\\server\\a"])
def test_paths_of_no_system_lead_out(tmp_path, path):
    with pytest.raises(NotFound):
        confined(tmp_path, path)


def test_a_link_inside_the_root_may_be_followed(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "a").symlink_to(tmp_path / "b")
    assert confined(tmp_path, "a/x.ipynb") == tmp_path / "b" / "x.ipynb"
