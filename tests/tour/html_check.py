"""A small reader of HTML that notes what a page must not have."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = {"img", "meta", "link", "br", "hr", "input", "source"}


class PageReader(HTMLParser):
    """Reads a page; afterwards `faults` says what is wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.figures: list[dict[str, int]] = []
        self.codes: list[str] = []
        self.headings: list[str] = []
        self.text = ""
        self._in_redo = False
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")
        self.faults += [f"no such anchor: #{t}" for t in self.targets if t not in self.ids]
        self.faults += [f"id twice: {i}" for i in set(self.ids) if self.ids.count(i) > 1]

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag not in _VOID:
            self.open.append(tag)
        self._check_addresses(tag, named)
        if "id" in named:
            self.ids.append(named["id"] or "")
        if tag == "img" and not (named.get("alt") or "").strip():
            self.faults.append("img without alt")
        if tag == "svg" and not (named.get("aria-label") or "").strip():
            self.faults.append("svg without aria-label")
        if tag == "script" or any(name.startswith("on") for name in named):
            self.faults.append(f"a script in <{tag}>")
        if tag == "figure":
            self.figures.append({"pictures": 0, "captions": 0, "commands": 0})
        if self.figures and "figure" in self.open:
            self.figures[-1]["pictures"] += tag in ("img", "svg")
            self.figures[-1]["captions"] += tag == "figcaption"
            self.figures[-1]["commands"] += "redo" in (named.get("class") or "").split()
        classes = (named.get("class") or "").split()
        if tag == "code" and self._in_redo:
            self.codes.append("")
        self._in_redo = tag == "div" and "redo" in classes

    def _check_addresses(self, tag, named):
        for name in ("src", "href", "xlink:href", "action", "data", "srcset", "poster"):
            address = named.get(name)
            if address is None or address.startswith("data:"):
                continue
            if not address.startswith("#"):
                self.faults.append(f"<{tag} {name}={address[:60]!r}> leads out of the page")
            elif tag == "a":
                self.targets.append(address[1:])
        for value in named.values():
            if value and "url(" in value and "url(#" not in value:
                self.faults.append(f"<{tag}> loads {value[:60]!r}")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        self.text += data
        if self.open[-2:] == ["div", "code"] and self.codes:
            self.codes[-1] += data
        if self.open[-1:] == ["h2"]:
            self.headings.append(data)
        if self.open[-1:] == ["style"] and ("@import" in data or "url(" in data):
            self.faults.append("the style sheet loads something")
