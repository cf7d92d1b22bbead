"""LaTeX for people: nothing unsafe, nothing lost, no crash."""

import json
import lzma
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.works.importers.text import paragraphs
from services.works.rendering import render, render_paragraphs
from services.works.rendering.formula import MATHML_ATTRIBUTES, MATHML_ELEMENTS

SAFE_ELEMENTS = {"p", "em", "strong", "code", "sup", "sub", *MATHML_ELEMENTS}
SAFE_ATTRIBUTES = {"alttext", *MATHML_ATTRIBUTES}


class _Inspector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}


def assert_safe(html: str) -> None:
    inspector = _Inspector()
    inspector.feed(html)
    assert inspector.elements <= SAFE_ELEMENTS
    assert inspector.attributes <= SAFE_ATTRIBUTES


def test_text_without_latex_stays_as_it_is() -> None:
    assert render("A <b> & c") == ("A <b> & c", "A &lt;b&gt; &amp; c")


def test_emphasis_and_formulas_of_the_seed_page() -> None:
    text, html = render(r"by their \emph{explicit} bias, $L$-layer, the $2/L$-Schatten norm")
    assert text == "by their explicit bias, L-layer, the 2/L-Schatten norm"
    assert html.startswith("by their <em>explicit</em> bias, <math")
    assert "<mi>L</mi></mrow></math>-layer" in html
    assert 'alttext="2/L"' in html


def test_emphasis_may_hold_a_formula() -> None:
    assert re.fullmatch(r"<em>an <math.*</math> norm</em>", render(r"\emph{an $L$ norm}").html)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"G\"odel and Erd\H{o}s", "Gödel and Erdős"),
        ("5% of $10 and $20", "5% of $10 and $20"),
        ("``quoted'' -- and --- dashed", "“quoted” – and — dashed"),
        (r"$\alpha \le x_i^{2}$", "α≤ x_i^2"),
        (r"{\em old} style", "old style"),
        (r"\LaTeX is", "LaTeX is"),
        (r"see \url{http://example.org/~me}", "see http://example.org/~me"),
        ("http://example.org/~me", "http://example.org/~me"),
        (r"\href{https://example.org}{here}", "here"),
    ],
)
def test_plain_text_reads_as_it_was_meant(source: str, text: str) -> None:
    assert " ".join(render(source).text.split()) == text


def test_common_private_macros_are_understood() -> None:
    assert "<mi>ℝ</mi>" in render(r"$\R^n$").html
    assert "<mi>ε</mi>" in render(r"$\eps > 0$").html
    assert render(r"$\R^n$").text == "ℝ^n"


def test_other_private_macros_show_their_source() -> None:
    assert render(r"$\myown{x}$").html == r"<code>$\myown{x}$</code>"
    assert r"\myown{x}" in render(r"by \myown{x} we").html


@pytest.mark.parametrize(
    "source",
    [
        r"<script>alert(1)</script> $x$",
        r"$\text{<script>alert(1)</script>}$",
        r"$\href{javascript:alert(1)}{x}$ \href{javascript:alert(1)}{x} \url{javascript:alert(1)}",
        r"$\style{color:red}{x}$ $\class{a}{x}$ $\mathbb{<img src=x onerror=alert(1)>}$",
        r"\emph{<img src=x onerror=alert(1)>} $<math><mtext></math><script>alert(1)</script>$",
        "{" * 5000,
        "$" * 4001,
        r"\begin{equation}" * 300,
        r"\frac" * 300 + "$" + r"\frac{" * 500 + "$",
        "\ue0000\ue001 $x$ \ue0007\ue001",
        r"\def\x{\x\x}\x $\def\x{\x\x}\x$",
        r"\input{/etc/passwd} \include{x} \write18{ls}",
    ],
)
def test_hostile_input_is_harmless(source: str) -> None:
    for rendered in (render(source), render_paragraphs(source)):
        assert_safe(rendered.html)
        assert "root:" not in rendered.text


_pieces = st.sampled_from(
    [*"\\{}$%&#~^_<>'`-[]()", "$$", r"\emph", r"\frac", r"\text", r"\begin{align}", r"\R", r"\[",
     r"\end{align}", r"\left", r"\right", r"\href{", r"\url{", "<script>", "x", " ", "\n\n", "é", "\\\\", "\ue000", "0"]
)  # fmt: skip


@given(st.lists(_pieces | st.text(max_size=5), max_size=30).map("".join))
def test_whatever_comes_is_rendered_safely(source: str) -> None:
    assert_safe(render(source).html)
    assert_safe(render_paragraphs(source).html)


def test_all_abstracts_of_real_records_are_rendered(data_dir: Path) -> None:
    texts = []
    for line in (data_dir / "arxiv-kaggle/arxiv-metadata-oai-snapshot-part1.jsonl").read_text().splitlines():
        record = json.loads(line)
        texts += [record["abstract"], record["title"]]
    for page in (1, 2, 3):
        with lzma.open(data_dir / f"arxiv-oai/harvest-cs-2016-03/page-{page:03d}.xml.xz", "rt") as file:
            texts += re.findall(r"<(?:abstract|title)>([^<]*)", file.read())
    assert len(texts) > 6000
    shown_as_source = 0
    for text in map(paragraphs, texts):
        rendered = render_paragraphs(text)
        assert_safe(rendered.html)
        shown_as_source += len(re.findall(r"<code>[^<]*\$", rendered.html))
    assert shown_as_source < 200


@pytest.mark.parametrize("opening", [r"\(", r"\[", r"\begin{align}", "$", "$a ", "{", r"\verb|"])
def test_formulas_that_only_begin_do_not_take_for_ever(opening: str) -> None:
    assert_safe(render(opening * (100_000 // len(opening))).html)
