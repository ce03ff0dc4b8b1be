#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every format that Twinlock keeps or hands out, written a second time from docs/formats.md, with Python's own hashes.

vectors.json holds one fixed example of each. This program computes them from their inputs; formats_test.cpp computes
them with the shipped code. So a format cannot change by mistake, and cannot change in both unseen.

usage: reference.py --check      compare vectors.json with what this program computes
       reference.py --write      write vectors.json; the sealed examples, which are random, are kept as they are
       reference.py --self-test  every single byte changed in a vector is noticed
"""
import copy
import hashlib
import hmac
import json
import sys
from pathlib import Path

VECTORS = Path(__file__).resolve().parent / "vectors.json"
MASTER = bytes(range(32))
KEY_ID = 7
NOW = 1_700_000_010
ACCOUNT = b"demo@example.org"


def run(first: int, length: int) -> bytes:
    """Bytes that count up, so that a field that moved or was swapped shows."""
    return bytes((first + i) % 256 for i in range(length))


def hkdf(master: bytes, info: bytes) -> bytes:  # RFC 5869, SHA-256, no salt, 32 bytes: one block
    extracted = hmac.new(bytes(32), master, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def subkey(purpose: int) -> bytes:
    return hkdf(MASTER, b"twinlock v1 subkey" + bytes([purpose]))


MAC_PURPOSES = {"pass": 16, "known_browser": 17, "form": 18}


def pieces(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def stamp(purpose: str, bound_to: bytes, expiry: int, nonce: bytes) -> str:
    head = KEY_ID.to_bytes(4, "big") + expiry.to_bytes(8, "big") + nonce
    mac = hmac.new(subkey(MAC_PURPOSES[purpose]), bound_to + pieces(head), hashlib.sha256).digest()
    return (head + mac).hex()


def account_tag() -> bytes:
    return hashlib.sha256(ACCOUNT).digest()


PURPOSES = {"recovery_code": 1, "link": 2, "asker": 3, "grant": 4, "ticket": 5}


def digest(purpose: str, binding: bytes, value: bytes) -> bytes:
    return hashlib.sha256(b"twinlock digest1" + bytes([PURPOSES[purpose]]) + account_tag() + binding + value).digest()[:16]


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"


def crockford(token: bytes) -> str:
    number = int.from_bytes(token, "big")
    text = "".join(CROCKFORD[number >> (5 * (25 - i)) & 31] for i in range(26)) + CROCKFORD[number % 37]
    return "-".join(text[i:i + 4] for i in range(0, len(text), 4))


def base64url(data: bytes) -> str:
    import base64
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# The records: a field is a name and its value; times are six bytes, little-endian.
TIMES = ["seen", "last_step", "wait_until_0", "wait_until_1", "budget_until", "recovery_until", "begin_until", "link_until_0",
         "link_until_1", "link_until_2", "deadline", "voucher_until", "policy_from", "enrolled_at", "last_used_at",
         "recovery_drawn_at", "recovery_saved_at"]
BYTES = {"secret": 64, "pending": 20, "enrollment_id": 16, "epoch": 16, "recovery_hash": 16, "link_hash": 16, "asker_hash": 16,
         "voucher_hash": 16}
NUMBERS = ["state", "before", "policy", "host_word", "enrollment_failures", "failures_0", "failures_1", "ticket_failures",
           "ticket_codes", "secret_length"]


def record(fields: dict) -> bytes:
    out = bytes([1]) + bytes(fields.get(name, 0) for name in NUMBERS) + bytes(1)
    out += b"".join(fields.get(name, 0).to_bytes(6, "little") for name in TIMES)
    out += b"".join(bytes.fromhex(fields.get(name, "")).ljust(size, b"\0") for name, size in BYTES.items())
    return out


def recovering() -> dict:
    """A record with as many fields filled as one can have."""
    return {"state": 3, "policy": 2, "host_word": 2, "failures_0": 5, "failures_1": 7, "ticket_failures": 2, "ticket_codes": 3,
            "secret_length": 33, "seen": NOW, "last_step": NOW // 30, "wait_until_0": NOW + 11, "wait_until_1": NOW + 12,
            "budget_until": NOW + 13, "recovery_until": NOW + 14, "link_until_0": NOW + 15, "link_until_1": NOW + 16,
            "link_until_2": NOW + 17, "deadline": NOW + 18, "voucher_until": NOW + 19, "policy_from": NOW - 20,
            "enrolled_at": NOW - 21, "last_used_at": NOW - 22, "recovery_drawn_at": NOW - 23, "recovery_saved_at": NOW - 24,
            "secret": run(1, 33).hex(), "enrollment_id": run(40, 16).hex(), "epoch": run(60, 16).hex(),
            "recovery_hash": run(80, 16).hex(), "link_hash": run(100, 16).hex(), "asker_hash": run(120, 16).hex(),
            "voucher_hash": run(140, 16).hex()}


def enrolling() -> dict:
    return {"state": 1, "before": 4, "enrollment_failures": 9, "seen": NOW, "begin_until": NOW + 60, "deadline": NOW + 600,
            "voucher_until": NOW + 900, "pending": run(200, 20).hex(), "enrollment_id": run(40, 16).hex(),
            "epoch": run(60, 16).hex(), "voucher_hash": run(140, 16).hex()}


AUDIT_BODY = '{"time":1700000010,"event":"verify","verdict":"accepted"}'
MAIL = {"to": "demo@example.org", "subject": "Ein Gruß", "text": "line\nline\n"}
ADDRESS = b"demo@example.org"


def profile(of: bytes) -> bytes:
    return of + run(3, 32) + (258).to_bytes(8, "little") + bytes([1, len(ADDRESS)]) + ADDRESS


def audit_hash() -> bytes:
    return hashlib.sha256(run(9, 32) + (258).to_bytes(8, "little") + AUDIT_BODY.encode()).digest()


def packed_mail() -> bytes:
    fields = [MAIL[name].encode() for name in ("to", "subject", "text")]
    return b"\x01" + b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def computed() -> dict:
    nonce, epoch, token = run(20, 16), run(60, 16), run(160, 16)
    import base64
    return {
        "key_file": f"twinlock-keys 1\nkey {KEY_ID} {base64.b64encode(MASTER).decode()} current\n",
        "account": ACCOUNT.decode(),
        "account_tag": account_tag().hex(),
        "subkeys_mac": {name: hmac.new(subkey(number), b"message", hashlib.sha256).hexdigest()
                        for name, number in MAC_PURPOSES.items()},
        "digests": {purpose: digest(purpose, epoch, token).hex() for purpose in PURPOSES},
        "pass": stamp("pass", pieces(b"pass", ACCOUNT, b"session", epoch), NOW + 43200, nonce),
        "known_browser": stamp("known_browser", pieces(b"known browser", ACCOUNT, epoch), NOW + 90 * 86400, nonce),
        "form_token": stamp("form", pieces(b"form", nonce, b"account:" + ACCOUNT, b"/challenge"), NOW + 4 * 3600, nonce),
        "link_token": base64url(token + ACCOUNT),
        "recovery_code": crockford(token),
        "api_key_hash": hashlib.sha256(b"twinlock api key 1:" + b"example").hexdigest(),
        "records": {"recovering": {**recovering(), "encoded": record(recovering()).hex()},
                    "enrolling": {**enrolling(), "encoded": record(enrolling()).hex()}},
        "profile": profile(record(recovering())).hex(),
        "audit_body": AUDIT_BODY,
        "audit_hash": audit_hash().hex(),
        "mail": packed_mail().hex(),
    }


SEALED = ["sealed_record", "sealed_mail"]  # AES-256-GCM-SIV with a random nonce: the shipped code opens them


def differences(there: dict) -> list[str]:
    wanted = computed()
    return [name for name in [*wanted, *SEALED] if name not in there or (name in wanted and there[name] != wanted[name])]


def self_test(there: dict) -> int:
    def leaves(value, path=()):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from leaves(inner, (*path, key))
        else:
            yield path

    missed = 0
    paths = [path for path in leaves(computed())]
    for path in paths:
        broken = copy.deepcopy(there)
        inner = broken
        for key in path[:-1]:
            inner = inner[key]
        value = inner[path[-1]]
        inner[path[-1]] = value + 1 if isinstance(value, int) else value[:-1] + ("0" if value[-1:] != "0" else "1")
        missed += not differences(broken)
    print(f"formats self-test: {len(paths) - missed} passed, {missed} failed")
    return 1 if missed else 0


def main() -> int:
    mode = sys.argv[1] if len(sys.argv) == 2 else ""
    there = json.loads(VECTORS.read_text()) if VECTORS.exists() else {}
    if mode == "--write":
        VECTORS.write_text(json.dumps({**computed(), **{name: there.get(name, "") for name in SEALED}}, indent=1,
                                      ensure_ascii=False) + "\n")
        return 0
    if mode == "--self-test":
        return self_test(there)
    if mode != "--check":
        print(__doc__.strip(), file=sys.stderr)
        return 2
    wrong = differences(there)
    for name in wrong:
        print(f"vectors.json: {name} is not what docs/formats.md says")
    print(f"formats: {len(computed()) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
