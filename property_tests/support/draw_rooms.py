#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws docs/images/rooms.svg, the picture of the rooms, from what the code includes and what CMake links.

usage: draw_rooms.py               draws it anew
       draw_rooms.py --check       exit 1 if the picture is not what the code says
       draw_rooms.py --self-test   shows that an arrow up, a circle and a room without a description are refused

A room is the kernel or a folder of adapters/ with a CMakeLists.txt. It rests on another if one of its files includes a
file of the other, or if one of its targets links a target of the other. Each room stands above all that it rests on, so
every arrow points down; an arrow that follows from others (a rests on b, b on c) is left out.
"""

import pathlib
import re
import sys
from collections import defaultdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs/images/rooms.svg"

# What each room is for, in a line that fits its box. A room that is not named here is a finding.
PURPOSE = {
    "kernel": "the decision",
    "api": "JSON API, metrics",
    "cli": "operator's commands",
    "config": "the TOML file",
    "console": "what commands print, open",
    "daemon": "the server's program",
    "doctor": "checks an installation",
    "fastcgi": "records, event loops",
    "gate": "may this request pass?",
    "helper": "starts a helper program",
    "http": "requests, answers, cookies",
    "keys": "key file, seals, MACs",
    "mail": "messages, outbox",
    "memory_store": "a store for tests",
    "pages": "HTML pages and forms",
    "probe": "HTTP client of doctor",
    "service": "load, decide, commit",
    "sqlite": "the store on disk",
    "store": "what a store must do",
    "system": "files, locks, processes",
    "text": "languages, encodings",
}

# An outside library, by the start of the header's name.
LIBRARIES = {"openssl/": "BoringSSL", "sqlite3.h": "SQLite", "curl/": "libcurl", "toml++/": "toml++", "qrencode.h": "libqrencode", "utf8proc.h": "libutf8proc",
             "simdjson": "simdjson", "CLI/": "CLI11"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
COMMAND = re.compile(r"\b(add_library|add_executable|target_link_libraries)\s*\(\s*([\w-]+)([^)]*)\)")


def rooms_in_tree() -> dict[str, pathlib.Path]:
    rooms = {"kernel": ROOT / "kernel"}
    rooms.update({lists.parent.name: lists.parent for lists in sorted(ROOT.glob("adapters/*/CMakeLists.txt"))})
    return rooms


def read_code(rooms: dict[str, pathlib.Path]):
    """Returns which rooms each room rests on, which libraries it names and which programs it builds."""
    rests, libraries, programs = defaultdict(set), defaultdict(set), defaultdict(set)
    made_in, links = {}, defaultdict(set)
    for room, folder in rooms.items():
        for path in sorted(folder.rglob("*.[ch]pp")):
            for bracket, name in INCLUDE.findall(path.read_text()):
                other = next((r for r, f in rooms.items() if name.startswith(f.relative_to(ROOT).as_posix() + "/")), None)
                if bracket == '"' and other is not None:
                    rests[room].add(other)
                if bracket == "<":
                    libraries[room].update(text for start, text in LIBRARIES.items() if name.startswith(start))
        for lists in sorted(folder.rglob("CMakeLists.txt")):
            for command, target, arguments in COMMAND.findall(re.sub(r"#.*", "", lists.read_text())):
                if command == "target_link_libraries":
                    links[room].update(arguments.split())
                else:
                    made_in[target] = room
                    if command == "add_executable":
                        programs[room].add(target)
    for room in rooms:
        rests[room].update(made_in[target] for target in links[room] if target in made_in)
        rests[room].discard(room)
    return rests, libraries, programs


def all_below(rests, room: str, above: tuple[str, ...] = ()) -> set[str]:
    if room in above:
        raise ValueError("a circle: " + " -> ".join([*above[above.index(room):], room]))
    return rests[room].union(*(all_below(rests, other, (*above, room)) for other in rests[room]))


def layers_of(rooms, rests) -> list[list[str]]:
    """Returns the layers from the top down; each room stands one layer above the highest that it rests on."""
    height: dict[str, int] = {}

    def of(room: str) -> int:
        if room not in height:
            height[room] = 1 + max((of(other) for other in rests[room]), default=-1)
        return height[room]

    top = max(of(room) for room in rooms)
    return [sorted(room for room in rooms if height[room] == level) for level in range(top, -1, -1)]


def direct(rooms, rests) -> dict[str, list[str]]:
    """Returns the arrows to draw: those that do not follow from others."""
    kept = {}
    for room in rooms:
        implied = set().union(*(all_below(rests, other) for other in rests[room]))
        kept[room] = sorted(rests[room] - implied)
    return kept


# ---- layout: a long arrow has a point in each layer that it crosses; the layers are sorted so that few arrows cross

BOX_WIDTH, GAP, LAYER_HEIGHT, MARGIN, WIDTH_MIN = 204, 26, 138, 36, 900
POINT_WIDTH = 20


def place(rooms, rests):
    layers, arrows = layers_of(rooms, rests), direct(rooms, rests)
    level = {room: i for i, layer in enumerate(layers) for room in layer}
    rows: list[list] = [list(layer) for layer in layers]
    chains, down, up = [], defaultdict(list), defaultdict(list)
    for room in rooms:
        for other in arrows[room]:
            chain = [room, *((room, other, i) for i in range(level[room] + 1, level[other])), other]
            for i, item in enumerate(chain[1:-1], level[room] + 1):
                rows[i].append(item)
            for a, b in zip(chain, chain[1:]):
                down[a].append(b)
                up[b].append(a)
            chains.append(chain)

    def positions():
        return {item: i for row in rows for i, item in enumerate(row)}

    def crossings() -> int:
        at, total = positions(), 0
        for row in rows:
            edges = [(at[a], at[b]) for a in row for b in down[a]]
            total += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(edges) for c, d in edges[i + 1:])
        return total

    best, best_rows = crossings(), [list(row) for row in rows]
    for sweep in range(24):
        near = up if sweep % 2 == 0 else down
        for i in range(len(rows)) if sweep % 2 == 0 else reversed(range(len(rows))):
            at = positions()
            middle = {item: sum(at[n] for n in near[item]) / len(near[item]) if near[item] else at[item] for item in rows[i]}
            rows[i].sort(key=lambda item: middle[item])
        improved = True
        while improved:  # neighbours change places where that helps
            improved = False
            for row in rows:
                for i in range(len(row) - 1):
                    before = crossings()
                    row[i], row[i + 1] = row[i + 1], row[i]
                    if crossings() < before:
                        improved = True
                    else:
                        row[i], row[i + 1] = row[i + 1], row[i]
        if crossings() < best:
            best, best_rows = crossings(), [list(row) for row in rows]
    rows[:] = best_rows

    width_of = lambda item: BOX_WIDTH if isinstance(item, str) else POINT_WIDTH
    span = lambda row: sum(map(width_of, row)) + GAP * (len(row) - 1)
    width = max(WIDTH_MIN, *(span(row) for row in rows)) + 2 * MARGIN
    x = {}
    for row in rows:
        left = (width - span(row)) / 2
        for item in row:
            x[item] = left + width_of(item) / 2
            left += width_of(item) + GAP
    for sweep in range(60):  # each item moves towards the middle of its neighbours, as far as its row has room
        for row in rows:
            want = {item: sum(x[n] for n in up[item] + down[item]) / max(1, len(up[item]) + len(down[item])) if up[item] or down[item]
                    else x[item] for item in row}
            for i, item in enumerate(row):
                low = MARGIN + width_of(item) / 2 if i == 0 else x[row[i - 1]] + (width_of(row[i - 1]) + width_of(item)) / 2 + GAP
                high = (width - MARGIN - width_of(item) / 2 if i == len(row) - 1
                        else x[row[i + 1]] - (width_of(row[i + 1]) + width_of(item)) / 2 - GAP)
                x[item] = min(max(want[item], low), high) if low <= high else x[item]
    return rows, chains, x, width


# ---- drawing

HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">
<title id="title">The rooms of Twinlock and what each rests on</title>
<!-- drawn by property_tests/support/draw_rooms.py from the code; never edited by hand -->
<style>
text {{ font-family: "DejaVu Sans", Verdana, sans-serif; font-size: 13px; fill: #2d3748; text-anchor: middle; }}
.name {{ font-size: 18px; font-weight: bold; fill: #1a202c; }}
.outside {{ font-size: 12px; font-style: italic; fill: #5a4100; }}
.program {{ font-size: 12px; font-weight: bold; fill: #22543d; }}
.foot {{ font-size: 13px; text-anchor: start; fill: #4a5568; }}
rect.room {{ fill: #edf2f7; stroke: #4a5568; stroke-width: 1.5; }}
rect.kernel {{ fill: #fefcbf; stroke: #744210; stroke-width: 2.5; }}
rect.builds {{ fill: #e6fffa; stroke: #285e61; }}
path.arrow {{ fill: none; stroke: #4a5568; stroke-width: 1.5; }}
</style>
<defs>
<marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M 0 0 L 10 5 L 0 10 z" fill="#4a5568"/></marker>
</defs>
<rect width="{width}" height="{height}" fill="#ffffff"/>
"""

BOX_HEIGHT = 92
FOOT = ("An arrow says: includes or links. Arrows that follow from others are left out.",
        "Green rooms build the program that stands in them. In italics: the outside libraries that a room includes.")


def draw(rooms, rests, libraries, programs) -> str:
    rows, chains, x, width = place(rooms, rests)
    y = {item: MARGIN + i * LAYER_HEIGHT + BOX_HEIGHT / 2 for i, row in enumerate(rows) for item in row}
    height = MARGIN + len(rows) * LAYER_HEIGHT + 24
    out = [HEAD.format(width=round(width), height=round(height))]

    # Arrows that leave or reach a box at different places of its edge are told apart.
    leaves, reaches = defaultdict(list), defaultdict(list)
    for chain in chains:
        leaves[chain[0]].append((x[chain[1]], tuple(map(str, chain))))
        reaches[chain[-1]].append((x[chain[-2]], tuple(map(str, chain))))

    def port(of, room, chain) -> float:
        order = [key for _, key in sorted(of[room])]
        step = min(28.0, (BOX_WIDTH - 40) / max(1, len(order) - 1))
        return x[room] + (order.index(tuple(map(str, chain))) - (len(order) - 1) / 2) * step

    for chain in chains:
        points = [(port(leaves, chain[0], chain), y[chain[0]] + BOX_HEIGHT / 2)]
        for item in chain[1:-1]:
            points += [(x[item], y[item] - BOX_HEIGHT / 2), (x[item], y[item] + BOX_HEIGHT / 2)]
        points.append((port(reaches, chain[-1], chain), y[chain[-1]] - BOX_HEIGHT / 2 - 1))
        path = f"M {points[0][0]:.0f} {points[0][1]:.0f}"
        for i, ((ax, ay), (bx, by)) in enumerate(zip(points, points[1:])):
            half = (by - ay) / 2
            path += f" C {ax:.0f} {ay + half:.0f} {bx:.0f} {by - half:.0f} {bx:.0f} {by:.0f}" if i % 2 == 0 else f" L {bx:.0f} {by:.0f}"
        out.append(f'<path d="{path}" class="arrow" marker-end="url(#tip)"/>\n')

    for room in rooms:
        kind = "room kernel" if room == "kernel" else "room builds" if programs[room] else "room"
        out.append(f'<rect x="{x[room] - BOX_WIDTH / 2:.0f}" y="{y[room] - BOX_HEIGHT / 2:.0f}" width="{BOX_WIDTH}" '
                   f'height="{BOX_HEIGHT}" rx="8" class="{kind}"/>\n')
        lines = [("name", room), ("", PURPOSE[room])]
        if programs[room]:
            lines.append(("program", ", ".join(sorted(programs[room]))))
        if libraries[room]:
            lines.append(("outside", ", ".join(sorted(libraries[room], key=str.lower))))
        top = y[room] - (len(lines) - 1) * 9 + 5
        for i, (style, text) in enumerate(lines):
            attribute = f' class="{style}"' if style else ""
            out.append(f'<text x="{x[room]:.0f}" y="{top + i * 18:.0f}"{attribute}>{text}</text>\n')
    for i, line in enumerate(FOOT):
        out.append(f'<text x="{MARGIN}" y="{height - 38 + i * 20:.0f}" class="foot">{line}</text>\n')
    out.append("</svg>\n")
    return "".join(out)


def findings(rooms, rests) -> list[str]:
    found = [f"room {room} has no line in PURPOSE of property_tests/support/draw_rooms.py" for room in rooms if room not in PURPOSE]
    try:
        for room in rooms:
            all_below(rests, room)
    except ValueError as circle:
        found.append(str(circle))
    return found


def self_test() -> int:
    circle = defaultdict(set, {"text": {"kernel"}, "kernel": {"text"}})
    straight = defaultdict(set, {"service": {"store", "kernel"}, "store": {"kernel"}})
    rows = place(["service", "store", "kernel"], straight)[0]
    shown = {
        "a circle is refused": findings(["kernel", "text"], circle) != [],
        "a room without a description is refused": findings(["attic"], defaultdict(set)) != [],
        "a clean house is not": findings(["service", "store", "kernel"], straight) == [],
        "what follows from others is left out": direct(["service", "store", "kernel"], straight)["service"] == ["store"],
        "a room stands above what it rests on": rows == [["service"], ["store"], ["kernel"]],
        "another arrow is another picture": draw(["store", "kernel"], defaultdict(set, {"store": {"kernel"}}), defaultdict(set), defaultdict(set))
        != draw(["store", "kernel"], defaultdict(set), defaultdict(set), defaultdict(set)),
    }
    wrong = [name for name, holds in shown.items() if not holds]
    print("\n".join(f"self-test: not so: {name}" for name in wrong))
    print(f"rooms: {len(shown) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    rooms = rooms_in_tree()
    rests, libraries, programs = read_code(rooms)
    found = findings(rooms, rests)
    if found:
        print("\n".join(found))
        return 1
    picture = draw(rooms, rests, libraries, programs)
    if sys.argv[1:] == ["--check"]:
        if PICTURE.exists() and PICTURE.read_text() == picture:
            return 0
        print("docs/images/rooms.svg is not what the code says; run property_tests/support/draw_rooms.py")
        return 1
    PICTURE.write_text(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
