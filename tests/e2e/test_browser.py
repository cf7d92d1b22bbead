"""A reader in a real browser, on the whole system: opens the page, signs in, follows, and hears of the next work."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.builders import AtomWork, atom_feed, today
from tests.e2e.conftest import CHROMIUM
from tests.system import System

PAGE = "/researchers/hannah-lawrence"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own; the test fails on any error that the browser reports."""
    context = browser.new_context()
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield made
    context.close()
    assert not errors


def sign_in(page: Page, system: System, email: str) -> None:
    """By the link in the mail, as a person does it."""
    page.goto(system.url + "/sign-in?next=" + PAGE)
    page.get_by_label("E-mail").fill(email)
    page.locator("main form button").click()
    page.goto(link_in_mail(system, email))
    page.locator("main form button").click()
    page.wait_for_url("**" + PAGE)


def link_in_mail(system: System, email: str) -> str:
    """The link in the newest mail to this address, once it is there."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        answer = httpx2.get(system.url + "/dev/mailbox", params={"to": email}, headers={"Accept": "application/json"})
        links = [link for mail in answer.json()["items"][:1] for link in mail["links"] if "/sign-in/" in link]
        if links:
            return str(links[0])
    raise AssertionError(f"no mail to {email}")


def test_the_page_of_the_seed_is_complete_without_scripts(browser: Browser, system: System) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(system.url + PAGE)
    main = page.locator("body")
    for words in (
        "Hannah Lawrence contributes to research discovery and scholarly infrastructure.",
        "Affiliation not imported",
        "Trust 13 - Unverified",
        "Verification L1",
        "Unclaimed author",
        "Claim this author entity first to unlock direct invitations.",
        "On the hardness of learning under symmetries",
        "Implicit Bias of Linear Equivariant Networks",
        "2 published items",
    ):
        expect(main).to_contain_text(words)
    for name in ("Bobak T. Kiani", "Thien Le", "Stefanie Jegelka", "Melanie Weber"):
        expect(page.locator("table").first).to_contain_text(name)
    expect(page.locator("svg").first).to_be_visible()
    context.close()


def test_following_changes_the_count_without_a_reload(page: Page, system: System) -> None:
    sign_in(page, system, "browser@example.org")
    followers = page.locator("[data-followers]").first
    before = int(followers.inner_text())
    page.evaluate("window.neverReloaded = true")
    page.get_by_role("button", name="Follow researcher").click()
    expect(followers).to_have_text(str(before + 1))
    assert page.evaluate("window.neverReloaded") is True
    page.reload()
    expect(page.locator("[data-followers]").first).to_have_text(str(before + 1))
    page.get_by_role("button", name="Unfollow researcher").click()
    expect(page.locator("[data-followers]").first).to_have_text(str(before))


def test_a_new_work_appears_in_the_open_inbox(page: Page, system: System, tmp_path: Path) -> None:
    sign_in(page, system, "inbox@example.org")
    page.goto(system.url + "/researchers/thien-le")
    page.get_by_role("button", name="Follow researcher").click()
    expect(page.get_by_role("button", name="Unfollow researcher")).to_be_visible()
    page.goto(system.url + "/inbox")
    feed = tmp_path / "feed.xml"
    feed.write_bytes(atom_feed([AtomWork("A work that a browser waits for", ["Thien Le"], published=today())]))
    system.import_feed(feed)
    expect(page.locator("body")).to_contain_text("A work that a browser waits for", timeout=20_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_fits_every_width_in_light_and_dark(
    browser: Browser, system: System, tmp_path: Path, width: int, scheme: str
) -> None:
    dark = scheme == "dark"
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    page = context.new_page()
    page.goto(system.url + PAGE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture = page.screenshot(path=tmp_path / f"{width}-{scheme}.png", full_page=True)
    assert picture
    context.close()
