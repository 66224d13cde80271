"""The page of `diff A B --html`: one file, nothing from outside, shown by a real browser where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from html.parser import HTMLParser

import pytest

from nnflip.convert.report.diff_page import page
from nnflip.convert.report.verdicts import Version
from nnflip.convert.verify import Request, diff_files

MODULE = """\
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.fc = nn.Linear(2 * 8 * 8, 4)

    def forward(self, x):
        x = self.conv(x).relu()  # <b>&amp;
        return self.fc(x.flatten(1))
"""
BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The page for a model and one with another activation, as a file."""
    folder = tmp_path_factory.mktemp("page")
    texts = MODULE, MODULE.replace("relu", "tanh")
    files = folder / "a.py", folder / "b.py"
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    result, layers = diff_files(*files, Request(seeds=(0,)))
    versions = [Version(file.name, text.split("\n")) for file, text in zip(files, texts, strict=True)]
    (folder / "out.html").write_text(page(result, layers, *versions), encoding="utf-8")
    return folder / "out.html"


class Open(HTMLParser):
    """Keeps count of what is opened and closed."""

    def __init__(self):
        super().__init__()
        self.stack, self.links = [], []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br", "line", "circle", "path", "rect"):
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag


def test_it_is_well_formed_and_asks_nothing_of_the_network(shown):
    text = shown.read_text(encoding="utf-8")
    parser = Open()
    parser.feed(re.sub(r"<(line|circle|path|rect)([^>]*)/>", r"<\1\2>", text))
    assert parser.stack == []
    assert all(link.startswith("#") for link in parser.links)
    assert "default-src 'none'" in text


def test_it_says_what_diverges_by_how_much_and_quotes_both_sources(shown):
    text = shown.read_text(encoding="utf-8")
    for said in ("different", "tanh in place of relu", "<svg", "apart by up to", "2×2×8×8", "&lt;b&gt;&amp;amp;"):
        assert said in text, said


@pytest.mark.skipif(not BROWSER, reason="no browser is installed here")
def test_a_browser_shows_it(shown):
    picture = shown.parent / "out.png"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    more = ["--disable-component-update", f"--user-data-dir={shown.parent / 'profile'}", "--window-size=900,900"]
    common = [BROWSER, *options, *more]
    dump = [*common, "--dump-dom", shown.as_uri()]
    dom = subprocess.run(dump, capture_output=True, text=True, timeout=120, check=True).stdout
    assert dom.count("data-pair=") >= 8
    subprocess.run([*common, f"--screenshot={picture}", shown.as_uri()], capture_output=True, timeout=120, check=True)
    assert len(set(_pixels(picture.read_bytes()))) > 20


def _pixels(png: bytes) -> bytes:
    """The compressed bytes of a PNG, unpacked: an empty page has hardly any different ones."""
    chunks, at = b"", 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        chunks += png[at + 8 : at + 8 + size] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += size + 12
    return zlib.decompress(chunks)
