# SPDX-License-Identifier: Apache-2.0
"""The page of evidence as one HTML file: no script, nothing from outside, light and dark, readable on paper."""

import datetime
import html
import re
from pathlib import Path

from judge import KINDS, ROOT, Property, Verdict
from results import PASS, Item, Results

STYLE = Path(__file__).with_name("page.css")
CHANGED_MAX = 40
REDS_EACH, REDS_MAX = 3, 30  # at the head of the page; the rest is below
TITLES = {"proofs": "Proofs", "proof mutants": "Each proof turned red by its mutant", "tests": "Tests", "mutants": "Mutants",
          "fuzz": "Fuzz targets", "fuzz mutants": "Mutants of the fuzz targets", "steps": "Whole runs"}
COLUMNS = {"proofs": "proofs", "proof mutants": "their mutants", "tests": "tests", "mutants": "mutants", "fuzz": "fuzz",
           "fuzz mutants": "their mutants", "steps": "runs"}


def text(value: str) -> str:
    return html.escape(str(value))


def mark(good: bool, words: str = "") -> str:
    """A colour is never alone: the sign and the word say the same on paper."""
    return f'<span class="{"good" if good else "bad"}">{"✓" if good else "✗"}{" " + text(words) if words else ""}</span>'


def breakable(name: str) -> str:
    """A long name may break after a dot or a slash."""
    return re.sub(r"([./])", r"\1<wbr>", text(name))


def item_line(item: Item) -> str:
    good = item.state == PASS
    state = "" if good else f' <strong class="bad">{text(item.state)}</strong>'
    note = f' <span class="note">{text(item.note)}</span>' if item.note else ""
    return f"<li{'' if good else ' class=red'}>{mark(good)}&nbsp;<code>{breakable(item.name)}</code>{state}{note}</li>"


def tally(items: list[Item]) -> str:
    if not items:
        return '<td class="none">–</td>'
    passed = sum(item.state == PASS for item in items)
    good = passed == len(items)
    return f'<td class="{"ok" if good else "red"}">{mark(good, str(passed) if good else f"{passed} of {len(items)}")}</td>'


def overview(verdict: Verdict) -> str:
    rows = [f'<tr><th scope=row><a href="#{p.id}">{p.id}</a></th><td>{text(p.title)}</td>'
            + "".join(tally(p.items[kind]) for kind in KINDS)
            + f'<td class="{"ok" if p.good else "red"}">{mark(p.good, "shown" if p.good else "not shown")}</td></tr>' for p in verdict.properties]
    heads = "".join(f"<th scope=col>{COLUMNS[kind]}</th>" for kind in KINDS)
    return ("<div class=wide><table class=overview><thead><tr><th scope=col>id</th><th scope=col>property</th>" + heads
            + "<th scope=col>today</th></tr></thead><tbody>" + "".join(rows) + "</tbody></table></div>")


def heading_anchor(heading: str) -> str:
    """The anchor that a Markdown viewer gives a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def detail(p: Property, spec: str) -> str:
    out = [f'<section id="{p.id}"><h3>{p.id} {text(p.title)} <small>{mark(p.good, "shown" if p.good else "not shown")}</small></h3>']
    if p.statement:
        out.append(f'<p>{inline(p.statement)} <a href="{text(spec)}#{heading_anchor(f"{p.id} {p.title}")}">docs/spec.md</a></p>')
    out += [f'<p class="red"><strong class="bad">✗ {text(complaint)}</strong></p>' for complaint in p.complaints]
    out.append("<table class=detail><tbody>")
    for kind in KINDS:
        items = p.items[kind]
        if items:
            bad_first = sorted(items, key=lambda item: item.state == PASS)
            body = f"<ul{' class=many' if kind == 'tests' and len(items) > 6 else ''}>" + "".join(map(item_line, bad_first)) + "</ul>"
        elif kind in ("proofs", "fuzz"):
            body = f'<span class="note">{"none: a property of the shell or of the binary, shown by tests" if kind == "proofs" else "none"}</span>'
        else:
            continue
        out.append(f"<tr><th scope=row>{TITLES[kind]}</th><td>{body}</td></tr>")
    return "".join(out) + "</tbody></table></section>"


def figures(results: Results, step: str, title: str) -> str:
    row = results.steps.get(step)
    good = row is not None and row.good
    lines = results.figures(step)
    said = "passed" if good else "not run" if row is None else "failed"
    body = "<pre>" + text("\n".join(lines)) + "</pre>" if lines else f'<p class="{"note" if good else "red"}">no figures</p>'
    return f'<h3>{text(title)} <small>{mark(good, said)}</small></h3><div class=wide>{body}</div>'


def fuzz_table(results: Results) -> str:
    rows = "".join(f'<tr{"" if item.state == PASS else " class=red"}><th scope=row><code>{text(name)}</code></th><td>{mark(item.state == PASS)} {text(item.note)}</td></tr>'
                   for name, item in sorted(results.fuzz.items()))
    return f"<div class=wide><table class=tiers><tbody>{rows}</tbody></table></div>" if rows else '<p class="red"><strong class="bad">✗ not run</strong></p>'


def tiers(verdict: Verdict) -> str:
    rows = []
    for tier, items in verdict.steps.items():
        for number, item in enumerate(items):
            first = f"<th scope=rowgroup rowspan={len(items)}>{text(tier)}</th>" if number == 0 else ""
            good = item.state == PASS
            rows.append(f'<tr>{first}<td{"" if good else " class=red"}>{mark(good)} <code>{text(item.name)}</code></td>'
                        f'<td>{"" if good else mark(False, item.state) + " "}{text(item.note)}</td></tr>')
    return "<div class=wide><table class=tiers><tbody>" + "".join(rows) + "</tbody></table></div>"


# ---- docs/caveats.md, as far as it uses Markdown

def inline(line: str) -> str:
    line = re.sub(r"`([^`]+)`", r"<code>\1</code>", text(line))
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", line)


def table(rows: list[str]) -> str:
    cells = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows if not re.fullmatch(r"[|\-: ]+", row)]
    head, *body = cells
    return ("<div class=wide><table><thead><tr>" + "".join(f"<th scope=col>{inline(c)}</th>" for c in head) + "</tr></thead><tbody>"
            + "".join("<tr>" + "".join(f"<td>{inline(c)}</td>" for c in row) + "</tr>" for row in body) + "</tbody></table></div>")


def markdown(source: str) -> str:
    out = []
    for block in re.split(r"\n\s*\n", source.strip()):
        lines = block.split("\n")
        if lines[0].startswith("#"):
            level = min(6, len(lines[0]) - len(lines[0].lstrip("#")) + 1)
            out.append(f"<h{level}>{inline(lines[0].lstrip('# '))}</h{level}>")
            lines = lines[1:]
        if not lines:
            continue
        if lines[0].startswith("|"):
            out.append(table(lines))
        elif lines[0].startswith("- "):
            entries = re.split(r"^- ", block, flags=re.M)[1:]
            out.append("<ul>" + "".join(f"<li>{inline(' '.join(e.split()))}</li>" for e in entries) + "</ul>")
        else:
            out.append(f"<p>{inline(' '.join(' '.join(lines).split()))}</p>")
    return "\n".join(out)


def assumptions() -> str:
    folder = ROOT / "property_tests/proofs/harness"
    parts = []
    for name in ("assumptions.hpp", "contracts.hpp", "match_contract.hpp", "step_contract.hpp"):
        head = []
        for line in (folder / name).read_text().splitlines():
            if line.startswith("//") and "clang-format" not in line:
                head.append(line.removeprefix("//").removeprefix(" "))
            elif head:
                break
        parts.append(f"<h4><code>{name}</code></h4><pre class=prose>{text(chr(10).join(head))}</pre>")
    return "".join(parts)


# ---- the page

def named(items: list[Item]) -> list[str]:
    return [f"{item.name}: {item.state}" for item in items if item.state != PASS]


def few(lines: list[str]) -> str:
    return "; ".join(lines[:REDS_EACH]) + (f"; and {len(lines) - REDS_EACH} more" if len(lines) > REDS_EACH else "")


def summary(verdict: Verdict, results: Results) -> str:
    shown = sum(p.good for p in verdict.properties)
    passed = sum(step.passed for step in results.steps.values())
    failed = sum(step.failed for step in results.steps.values())
    words = (f"Everything passed: {shown} of 20 properties shown, {passed:,} checks passed, none failed, none skipped." if verdict.good else
             f"Not everything passed: {shown} of 20 properties shown; {passed:,} checks passed, {failed:,} failed.")
    out = f'<p class="verdict {"ok" if verdict.good else "red"}">{mark(verdict.good, words)}</p>'
    red = [f"{p.id}: " + few(p.complaints + named([i for items in p.items.values() for i in items]))
           for p in verdict.properties if not p.good]
    red += [f"tier {tier}: " + few(named(items)) for tier, items in verdict.steps.items() if named(items)]
    red += verdict.complaints[:REDS_MAX]
    if len(verdict.complaints) > REDS_MAX:
        red.append(f"and {len(verdict.complaints) - REDS_MAX} more like these")
    if red:
        out += "<ul class=reds>" + "".join(f"<li>{text(line)}</li>" for line in red) + "</ul>"
    return out


def heading(head: dict, results: Results) -> str:
    began = head["began"]
    when = datetime.datetime.fromtimestamp(began, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC") if began else "not known"
    changed = head["changed"]
    state = mark(True, "clean") if head["commit"] and not changed else (f'<span class="warn">dirty: {len(changed)} files differ from the commit</span>'
             f'<div class=note>{text(", ".join(line[3:] for line in changed[:CHANGED_MAX]))}{" and more" if len(changed) > CHANGED_MAX else ""}</div>')
    took = sum(step.seconds for step in results.steps.values())
    rows = [("commit", f"<code>{text(head['commit'])}</code>"), ("tree", state), ("begun", f"{when}; its steps took {took / 60:.0f} min"),
            ("processor", text(head["processor"])), ("system", text(head["system"])), ("tools", text(head["tools"]))]
    return "<table class=head><tbody>" + "".join(f"<tr><th scope=row>{k}</th><td>{v}</td></tr>" for k, v in rows) + "</tbody></table>"


def page(head: dict, verdict: Verdict, results: Results) -> str:
    body = [
        "<h1>Twinlock: evidence</h1>", summary(verdict, results), heading(head, results),
        "<h2>The properties</h2>",
        "<p>A number is how many of the named items this run saw pass. An item that failed, was skipped or was not run is red, and so"
        " is its property; so is one without a mutant. <code>property_tests/evidence/properties.toml</code> names the items,"
        " <code>docs/evidence.md</code> says how to read this page.</p>",
        overview(verdict), "<h2>Tiers</h2>", tiers(verdict), "<h2>Property by property</h2>", *(detail(p, head["spec"]) for p in verdict.properties),
        "<h2>Figures</h2>", figures(results, "coverage", "Coverage"), figures(results, "bounds", "Sizes and bounds (K13)"),
        figures(results, "constant-time", "Constant time (K12)"), figures(results, "erased", "Erased stack (K11)"), "<h3>Fuzzing</h3>", fuzz_table(results),
        figures(results, "load", "Load through nginx"), figures(results, "crash", "kill -9 through nginx"),
        "<h2>What the proofs assume</h2>", "<p>The head of each file of <code>property_tests/proofs/harness</code>, as it stands.</p>", assumptions(),
        '<h2 id="caveats">What is proved, tested, and neither</h2>', "<p><code>docs/caveats.md</code>, whole.</p>",
        markdown(re.sub(r"\A# .*\n", "", (ROOT / "docs/caveats.md").read_text()).replace("\n## ", "\n\n## ")),
    ]
    return ("<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width, initial-scale=1'>"
            "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>Twinlock: evidence</title>"
            f"<style>{STYLE.read_text()}</style></head><body><main>" + "\n".join(body) + "</main></body></html>\n")
