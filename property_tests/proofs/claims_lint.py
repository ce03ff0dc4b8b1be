#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the claims stand on their own: a harness that asks the kernel what is right proves that the kernel does what it does.

- A harness and its helpers call no function of the kernel or of the specification, but for the function that the claim is about (SUBJECTS).
  valid() may be called anywhere: k21_valid proves it equal to the specification's own text, for all records.
- The specification includes nothing of the kernel and names nothing of it.

usage: claims_lint.py [--self-test]
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HARNESS = ROOT / "property_tests/proofs/harness"
SPECIFICATION = ROOT / "property_tests/specification"
KERNEL = ROOT / "kernel"

# What replaces or includes the kernel, or translates: no claims. The k21 harnesses compare kernel and specification and claim nothing else.
NOT_CLAIMS = {"assumptions.hpp", "contracts.hpp", "match_contract.hpp", "step_contract.hpp", "specified.hpp", "stubs.hpp", "translation.hpp",
              "specification.cpp", "specification_entry.cpp"}
# Function of a harness file: the functions that it is about.
SUBJECTS = {
    "ask_the_stubs": {"totp_codes", "digest"},  # the stubs, not the kernel's
    "any_world": {"handle_settled"},
    "specified_step": {"account_of", "decided"},
    "k01_decide_trusts_nobody": {"decide"},
    "k01_match_code": {"match_code"},
    "k06_time_pays": {"advance"},
    "k07_admission_ignores_secrets": {"admit"},
    "k07_time_ends_no_lock": {"advance"},
    "k09_total": {"handle_unscrubbed"},
    "k09_valid_is_inductive": {"new_record"},
    "k10_sane": {"sane"},
    "k10_advance": {"advance"},
    "k10_expired_is_gone": {"advance"},
    "k11_wipe": {"wipe"},
    "k12_is_zero": {"is_zero"},
    "k12_compare_token": {"same", "absent", "same_bytes", "zero_bytes"},
    "k12_compare_secret": {"same_bytes", "absent"},
    "k12_code_digits": {"is_code", "code_value"},
    "k12_truncate": {"truncate", "low_six_digits"},
    "k13_loops_are_bounded": {"handle_unscrubbed", "view", "decode", "encode", "truncate", "wipe"},
    "k14_decode_encode": {"encode", "decode"},
    "k14_encode_decode": {"encode", "decode", "new_record"},
    "view_says_what_handle_does": {"view", "advance"},
}
FREE = {"valid"}
FUNCTION = re.compile(r"^(?:static )?(?:const )?[\w:]+(?: |& )(\w+)\([^;{]*\) (?:noexcept )?\{", re.M)


def without_comments(text: str) -> str:
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', re.sub(r"//[^\n]*", "", text))


def functions_of(folder: Path) -> set[str]:
    """The names of all functions that are defined in a folder's files."""
    found = set()
    for path in sorted(folder.glob("*.[ch]pp")):
        text = re.sub(r"\[\[[^\]]*\]\] ?|\b(?:inline|static|extern) ", "", without_comments(path.read_text()))
        found |= set(re.findall(r"^(?:const )?[\w:]+[&*]? (\w+)\([^;{}]*\) noexcept(?: \{|;)", text, re.M))
    return found


def claims_of(text: str) -> list[tuple[str, int, str]]:
    """Name, first line and body of each function of a harness file."""
    code = without_comments(text)
    found = []
    for match in FUNCTION.finditer(code):
        end = code.find("\n}", match.end())
        body = code[match.end():end if end >= 0 else len(code)]
        if "}\n" in code[match.end():code.find("\n", match.end()) + 1]:
            body = code[match.end():code.find("\n", match.end())]
        found.append((match[1], code.count("\n", 0, match.start()) + 1, body))
    return found


def findings(name: str, text: str, asked: set[str]) -> list[str]:
    found = []
    own = {claim for claim, _, _ in claims_of(text)}
    for claim, line, body in claims_of(text):
        allowed = SUBJECTS.get(claim, set()) | FREE | own
        for call in re.finditer(r"(contract::)?\b(\w+)\(", body):
            if call[2] in asked - allowed and not call[1]:
                found.append(f"{name}:{line + body.count(chr(10), 0, call.start())}: {claim} asks {call[2]}() what is right")
    return found


def specification_findings(name: str, text: str) -> list[str]:
    return [f"{name}:{number}: the specification names the kernel"
            for number, line in enumerate(without_comments(text.replace('"', "'")).splitlines(), 1)
            if "twinlock" in line or re.search(r"#include '(?!property_tests/specification/)", line)]


def self_test(asked: set[str]) -> int:
    examples = [f"static void k05_x() {{\n  CHECK(w.o.retry_at == {call}, \"claim\");\n}}\n"
                for call in ("code_free_at(w.at.throttle, w.e.lane, now)", "well_formed(w.e)", "usable(s.fresh)", "need(w.e.kind, w.at.state)",
                             "consecutive_failures(w.at.throttle)", "is_code(w.e.code)", "remaining(a, b)", "specification::wait_for_code(a, lane)")]
    blind = [example for example in examples if not findings("example", example, asked)]
    blind += [text for text in ('#include "kernel/limits.hpp"\n', "Number n = twinlock::step_s;\n") if not specification_findings("example", text)]
    if findings("example", 'void k10_advance() {\n  const Record at = advance(r, now);\n  CHECK(valid(at), "advance(r)");\n}\n', asked):
        blind.append("what a claim is about is refused")
    for example in blind:
        print(f"no rule finds: {example}")
    print(f"claims: {len(examples) + 3 - len(blind)} passed, {len(blind)} failed")
    return 1 if blind else 0


def main() -> int:
    asked = functions_of(KERNEL) | functions_of(SPECIFICATION)
    if sys.argv[1:] == ["--self-test"]:
        return self_test(asked)
    found, files = [], 0
    for path in sorted(HARNESS.glob("*.[ch]pp")):
        if path.name not in NOT_CLAIMS:
            found += findings(str(path.relative_to(ROOT)), path.read_text(), asked)
            files += 1
    for path in sorted(SPECIFICATION.glob("*.[ch]pp")):
        found += specification_findings(str(path.relative_to(ROOT)), path.read_text())
        files += 1
    for line in found:
        print(line)
    print(f"claims: {files if not found else 0} passed, {len(found)} failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
