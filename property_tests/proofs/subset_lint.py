#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Refuses, in the proved part of the kernel and in the specification, what CBMC's C++ front end takes but reads wrongly. What it rejects needs no lint.

usage: subset_lint.py [FILE...]      without files: kernel and specification; of hash.cpp, which is not proved, the loops alone
       subset_lint.py --self-test    every rule must find its own example
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNPROVED = {"hash.cpp"}  # BoringSSL's side: the prover replaces its two functions

# rule, what goes wrong, an example that it must find
RULES = [
    (r"\bauto\b", "auto is read as int: 64 bits are cut", "const auto at = now;"),
    (r"\btemplate\s*<", "instances that differ only in a number share one body", "template <std::size_t n> bool zero();"),
    (r"\b(sizeof|offsetof|alignof)\b", "structures have no padding there", "wipe_bytes(p, sizeof r);"),
    (r"\bmem(cpy|cmp|move|set)\b|\breinterpret_cast\b|\bunion\b", "the object representation differs there", "memcpy(a, b, 4);"),
    (r"\?[^:?]*:\s*0\s*[;,)]|\?\s*0\s*:", "0 makes the whole conditional a signed int: 64 bits are cut", "return until > at ? until - at : 0;"),
    (r"(\b(state|before|policy|kind|lane|verdict)|\b[A-Z]\w+::\w+)\s*[<>]=?\s*\w|[<>]=?\s*(Verdict|Policy|State|Kind|Lane)::",
     "scoped enumerations compare as signed there: compare the numbers", "if (r.policy > Policy::required) return false;"),
    (r"^(inline )?(constexpr|const) [^(;]*=[^;]*\b\w+_(s|max|bytes|count|limit)\b", "namespace constants are initialised in alphabetical order: write the value",
     "constexpr Seconds a = step_s * 2;"),
]

# K13, in every file, hash.cpp too: a loop counts up to a constant, or to a caller's n (which is a constant at every call).
LOOP = re.compile(r"\bfor \(std::(size_t|uint32_t) i = 0; i( \+ 1)? < (\w+_(count|bytes)|code_digits|SHA_CBLOCK|\d+|n); \+\+i\)")
LOOPS_TO_FIND = ["while (failures > 0) --failures;", "for (std::uint32_t i = 0; i < doublings; ++i)", "do {", "goto again;"]


def endless(code: str) -> bool:
    return bool(re.search(r"\b(while|do|goto)\b", code)) or "for (" in code and not LOOP.search(code)


def findings(text: str, proved: bool = True) -> list[tuple[int, str]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r"//.*", "", line)
        if endless(code):
            found.append((number, "a loop without a constant bound (K13)"))
        if not proved:
            continue
        if "static_assert" in code or "static_cast<std::uint8_t>(" in code and re.search(r"[<>]=?\s*\w+_count", code):
            continue
        found += [(number, reason) for rule, reason, _ in RULES if re.search(rule, code)]
    return found


def self_test() -> int:
    examples = [example for _, _, example in RULES] + LOOPS_TO_FIND
    blind = [example for example in examples if not any(reason for _, reason in findings(example))]
    for example in blind:
        print(f"no rule finds: {example}")
    print(f"subset: {len(examples) - len(blind)} passed, {len(blind)} failed")
    return 1 if blind else 0


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    files = [Path(name) for name in sys.argv[1:]] or [*sorted((ROOT / "kernel").glob("*.[ch]pp")), *sorted((ROOT / "property_tests/specification").glob("*.[ch]pp"))]
    bad = 0
    for file in files:
        for number, reason in findings(file.read_text(), file.name not in UNPROVED):
            print(f"{file}:{number}: {reason}")
            bad += 1
    print(f"subset: {len(files) if not bad else 0} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
