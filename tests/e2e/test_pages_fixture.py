"""The pages on invented data in a real browser: accessible, fitting, still, and complete without scripts."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright

from services.gateway.web.samples.people import PEOPLE
from services.gateway.web.samples.preview import COOKIE, CSRF, preview_app
from tests.e2e.conftest import CHROMIUM

PAGES = ["/", "/researchers?q=ilse", "/about", "/design", "/works/maps", "/works/long", "/sign-in", "/sign-in/preview"]
PEOPLES = [f"/researchers/{slug}" for slug in PEOPLE]
DEEPER = ["/researchers/prolific/works", "/researchers/prolific/trust", "/researchers/prolific/graph"]
SIGNED_IN = ["/inbox", "/researchers/x/claim", "/researchers/followed", "/researchers/missing", "/dev/mailbox"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SHIFT = """
new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
})
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The preview server on a free port of this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(preview_app(), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = server.force_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield found
        found.close()


@contextmanager
def opened(browser: Browser, address: str, path: str, *, signed_in: bool = False, **options: object) -> Iterator[Page]:
    """A page in a context of its own; fails on any error that the browser reports."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    if signed_in:
        context.add_cookies([{"name": COOKIE, "value": "1", "url": address}])
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address + path)
    yield page
    context.close()
    assert errors == []


def is_wider_than_its_window(page: Page) -> bool:
    wide = page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth")
    return bool(wide)


@pytest.mark.parametrize("path", [*PAGES, *PEOPLES, *DEEPER, *SIGNED_IN])
def test_axe_finds_nothing_and_no_page_is_wider_than_its_window(browser: Browser, address: str, path: str) -> None:
    with opened(browser, address, path, signed_in=path in SIGNED_IN, reduced_motion="reduce") as page:
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            results = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
            assert [(v["id"], v["nodes"][0]["html"]) for v in results.response["violations"]] == []
        for width in (320, 360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert not is_wider_than_its_window(page), width


@pytest.mark.parametrize("path", ["/researchers/ilse-marand", "/researchers/prolific", "/works/maps", "/"])
def test_nothing_moves_while_a_page_loads(browser: Browser, address: str, path: str) -> None:
    with opened(browser, address, path) as page:
        assert page.evaluate(SHIFT) < 0.01


def test_labels_of_the_drawing_are_no_wider_than_they_were_thought_to_be(browser: Browser, address: str) -> None:
    with opened(browser, address, "/researchers/prolific") as page:
        boxes = page.locator(".drawing .node").evaluate_all(
            "nodes => nodes.map(n => ['text', 'rect'].map(name => n.querySelector(name).getBBox().width))"
        )

    assert boxes
    assert all(text <= room for text, room in boxes)


def test_following_works_without_scripts(browser: Browser, address: str) -> None:
    path = "/researchers/pending"
    with opened(browser, address, path, signed_in=True, java_script_enabled=False) as page:
        page.get_by_role("button", name="Follow researcher").click()
        assert page.get_by_role("button", name="Unfollow researcher").is_visible()
        assert page.locator("#trust .figures").inner_text().split()[2:4] == ["1", "follower"]


def test_a_visitor_signs_in_without_scripts_and_comes_back_to_the_claim(browser: Browser, address: str) -> None:
    with opened(browser, address, "/researchers/ilse-marand", java_script_enabled=False) as page:
        page.get_by_role("link", name="Log in to claim").click()
        page.get_by_label("E-mail address").fill("reader@example.org")
        page.get_by_role("button", name="Send me a link").click()
        page.goto(f"{address}/dev/mailbox")
        page.get_by_role("link", name="/sign-in/preview").click()
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        assert page.get_by_role("heading", name="Claim this record").is_visible()


def test_following_with_scripts_changes_the_count_in_place_and_says_so(browser: Browser, address: str) -> None:
    with opened(browser, address, "/researchers/claimed", signed_in=True) as page:
        page.evaluate("window.sameDocument = true")
        page.get_by_role("button", name="Follow researcher").press("Enter")
        page.get_by_role("button", name="Unfollow researcher").wait_for()
        assert page.locator("[data-follow-status]").inner_text() == "You follow Ilse Claimed. 1 follower."
        assert page.locator("[data-followers]").all_inner_texts() == ["1", "1"]
        assert page.evaluate("document.activeElement.value") == "unfollow"
        page.get_by_role("button", name="Unfollow researcher").press("Space")
        page.get_by_role("button", name="Follow researcher", exact=False).filter(has_not_text="Un").wait_for()
        assert page.evaluate("window.sameDocument") is True
        assert page.locator("form[data-follow] [name=csrf]").input_value() == CSRF


def test_a_notification_comes_into_the_open_inbox(browser: Browser, address: str) -> None:
    with opened(browser, address, "/inbox", signed_in=True) as page:
        page.get_by_role("link", name="A work that came while you were looking").wait_for()
        assert page.locator("[data-live]").inner_text() == "1 new notification since you opened this page."
        assert page.get_by_role("listitem").first.inner_text().startswith("unseen")


def test_the_keyboard_reaches_the_content_and_lights_up_a_node(browser: Browser, address: str) -> None:
    with opened(browser, address, "/researchers/ilse-marand", reduced_motion="reduce") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        node = page.locator(".drawing .node").first
        node.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert float(node.locator("line").first.evaluate("line => getComputedStyle(line).opacity")) > 0.8


def test_print_shows_the_words_and_hides_the_buttons(browser: Browser, address: str) -> None:
    with opened(browser, address, "/researchers/prolific") as page:
        page.emulate_media(media="print")
        assert page.get_by_role("heading", name="200 published items").is_visible()
        assert not page.get_by_role("link", name="Follow researcher").is_visible()
        assert not page.get_by_role("navigation").is_visible()
        assert page.locator(".work .abstract").first.is_visible()
