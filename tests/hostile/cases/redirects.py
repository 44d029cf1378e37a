"""Redirects that lead in circles, nowhere, or out of the web."""

from pipelines.model import Outcome
from tests.hostile.cases.case import Case, faulty
from tests.hostile.web import Page, article, html, listing, message, redirect
from tests.rawserver import Connection

HOPS = 10


def leads_on(connection: Connection, path: str) -> bool:
    """Redirect to an address that was never seen before, for ever."""
    number = int(path.rpartition("=")[2]) if "=" in path else 0
    connection.send(message(b"", f"Location: /case.htm?hop={number + 1}", status=302))
    return True


def new_session(connection: Connection, path: str) -> bool:
    """Redirect to the same page under another session, for ever."""
    number = len(connection.requests) + len(path)
    session = f"{number:032x}"
    connection.send(message(b"", f"Location: /case.htm;jsessionid={session}", status=302))
    return True


def circle(name: str, pages: dict[str, Page], outcomes: dict[str, Outcome], asked: dict[str, int]) -> Case:
    return Case(
        name=name,
        pages={"/": listing("/case.htm", "/good.htm"), "/good.htm": article(7), **pages},
        outcomes={"/good.htm": Outcome.OK, **outcomes},
        asked=asked,
    )


def refresh(target: str) -> Page:
    return html(f'<html><head><meta http-equiv="refresh" content="0;url={target}"></head><body></body></html>')


def script(target: str) -> Page:
    return html(f"<html><head><script>window.location.href='{target}';</script></head><body></body></html>")


CASES = (
    circle(
        "redirect to itself",
        {"/case.htm": redirect("/case.htm", status=302)},
        {"/case.htm": Outcome.REDIRECTED},
        {"/case.htm": 1},
    ),
    circle(
        "redirect to itself with a cookie",
        {"/case.htm": redirect("/case.htm", "Set-Cookie: visited=1", status=302)},
        {"/case.htm": Outcome.REDIRECTED},
        {"/case.htm": 1},
    ),
    circle(
        "redirect loop of two",
        {"/case.htm": redirect("/other.htm"), "/other.htm": redirect("/case.htm")},
        {"/case.htm": Outcome.REDIRECTED, "/other.htm": Outcome.REDIRECTED},
        {"/case.htm": 1, "/other.htm": 1},
    ),
    circle("endless distinct redirects", {"/case.htm": leads_on}, {}, {"/case.htm": HOPS + 1}),
    circle("endless new sessions", {"/case.htm": new_session}, {}, {"/case.htm": HOPS + 1}),
    circle(
        "meta refresh in a circle",
        {"/case.htm": refresh("/other.htm"), "/other.htm": refresh("/case.htm")},
        {"/case.htm": Outcome.REDIRECTED, "/other.htm": Outcome.REDIRECTED},
        {"/case.htm": 1, "/other.htm": 1},
    ),
    circle(
        "script redirects in a circle",
        {"/case.htm": script("/other.htm"), "/other.htm": script("/case.htm")},
        {"/case.htm": Outcome.REDIRECTED, "/other.htm": Outcome.REDIRECTED},
        {"/case.htm": 1, "/other.htm": 1},
    ),
    circle(
        "every page redirects home",
        {"/case.htm": redirect("/", status=302), "/good.htm": article(7)},
        {"/case.htm": Outcome.REDIRECTED_HOME},
        {"/case.htm": 1, "/": 1},
    ),
    faulty("redirect to a file", redirect("file:///etc/passwd"), Outcome.REDIRECTED),
    faulty("redirect to a script", redirect("javascript:alert(1)"), Outcome.REDIRECTED),
    faulty("redirect to data", redirect("data:text/html,<html>x"), Outcome.REDIRECTED),
    faulty("redirect to FTP", redirect("ftp://127.0.0.1/x"), Outcome.REDIRECTED),
    faulty("redirect to a metadata service", redirect("http://169.254.169.254/latest/"), Outcome.REDIRECTED),
    faulty("redirect to another site", redirect("http://127.0.0.1:9/x.htm"), Outcome.REDIRECTED),
    faulty("redirect to no address", redirect("http://[::1"), Outcome.REDIRECTED),
    faulty("redirect to port 99999", redirect("http://127.0.0.1:99999/"), Outcome.REDIRECTED),
    faulty("redirect to a host of dots", redirect("http://....../x"), Outcome.REDIRECTED),
    faulty("redirect of 100,000 characters", redirect("/" + "x" * 100_000), Outcome.REDIRECTED),
    faulty("redirect with line breaks", redirect("/x%0d%0aX-Injected:%20yes\rX-Injected: yes"), Outcome.REDIRECTED),
    faulty("redirect without a target", html("<html>moved", status=301), Outcome.REDIRECTED),
)  # fmt: skip
