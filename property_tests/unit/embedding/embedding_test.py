#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The kernel called from Python: the structures of twinlock.h in ctypes, checked against the library, and an account that
is enrolled, signs in, replays a code and gets a ticket. Codes come from Python's HMAC.

usage: embedding_test.py LIBRARY HEADER
"""

import ctypes
import hashlib
import hmac
import os
import re
import sys

library = ctypes.CDLL(sys.argv[1])
header = open(sys.argv[2], encoding="utf-8").read()
# Numbers come from the header itself, so that they cannot drift.
number = {name: int(value) for name, value in re.findall(r"\bTWINLOCK_(\w+)(?: =)? (\d+)", header)}
U8, U64, U32 = ctypes.c_uint8, ctypes.c_uint64, ctypes.c_uint32
TYPES = {"uint8_t": U8, "uint32_t": U32, "uint64_t": U64}


def structure(name):
    """A structure of the header as ctypes has it."""
    body = re.search(rf"^struct {name} \{{\n(.*?)^\}};", header, re.M | re.S)[1]
    fields = []
    for kind, field, count in re.findall(r"^ +(?:struct )?(\w+) (\w+)(?:\[(\w+)\])?;", body, re.M):
        of = TYPES[kind] if kind in TYPES else structure(kind)
        size = count and (int(count) if count.isdigit() else number[count.removeprefix("TWINLOCK_")])
        fields.append((field, of * size if size else of))
    return type(name, (ctypes.Structure,), {"_fields_": fields})


Event, Situation, Outcome, View = map(structure, ("twinlock_event", "twinlock_situation", "twinlock_outcome", "twinlock_account_view"))
library.twinlock_compatible.argtypes = [U32] + [ctypes.c_size_t] * 4
library.twinlock_compatible.restype = U8
library.twinlock_handle.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
library.twinlock_view.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, U8, ctypes.c_void_p, ctypes.c_void_p]
passed, failed = 0, 0


def expect(good, what):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print("does not hold:", what)


class Account:
    """One account: its record as the store would keep it, and a clock that goes on by hand."""

    def __init__(self, name):
        self.tag, self.now = hashlib.sha256(name.encode()).digest(), 1_700_000_010
        made = ctypes.create_string_buffer(number["RECORD_BYTES"])
        library.twinlock_new_record(made)
        self.record = made.raw

    def situation(self):
        s = Situation()
        s.clock.now_s, s.clock.step = self.now, self.now // number["STEP_S"]
        s.account[:] = self.tag
        s.fresh[:] = os.urandom(number["FRESH_BYTES"])
        return s

    def ask(self, kind, **fields):
        e, s, out = Event(kind=number["KIND_" + kind], lane=number["LANE_OTHER"]), self.situation(), Outcome()
        for field, value in fields.items():
            if isinstance(value, bytes):
                getattr(e, field)[: len(value)] = value
            else:
                setattr(e, field, value)
        library.twinlock_handle(self.record, len(self.record), ctypes.byref(e), ctypes.byref(s), ctypes.byref(out))
        if out.write:
            self.record = bytes(out.record)
        return out

    def look(self):
        s, view = self.situation(), View()
        library.twinlock_view(self.record, len(self.record), ctypes.byref(s.clock), 0, ctypes.byref(s.rules), ctypes.byref(view))
        return view

    def code(self, secret):
        mac = hmac.new(secret, (self.now // number["STEP_S"]).to_bytes(8, "big"), "sha1").digest()
        at = mac[19] & 15
        return b"%06d" % ((int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF) % 1_000_000)


def main():
    sizes = [ctypes.sizeof(t) for t in (Event, Situation, Outcome, View)]
    expect(library.twinlock_compatible(number["ABI_VERSION"], *sizes) == 1, "the structures are the library's")
    expect(library.twinlock_compatible(number["ABI_VERSION"], sizes[0] + 8, *sizes[1:]) == 0, "other structures are not")
    accepted, alice = number["VERDICT_ACCEPTED"], Account("alice")
    expect(alice.look().passes_without == 1, "a new account is off")
    begun = alice.ask("BEGIN_ENROLLMENT")
    secret = bytes(begun.secret)
    expect(begun.verdict == accepted and any(secret), "a secret is handed out")
    confirmed = alice.ask("CONFIRM_ENROLLMENT", enrollment_id=bytes(begun.enrollment_id), code=alice.code(secret))
    expect(confirmed.verdict == accepted and any(confirmed.recovery_code), "a recovery code is handed out")
    expect(alice.look().state == number["STATE_ON"], "the account is on")
    alice.now += 30
    expect(alice.ask("VERIFY", code=alice.code(secret)).verdict == accepted, "the next code is right")
    expect(alice.ask("VERIFY", code=alice.code(secret)).verdict == number["VERDICT_REJECTED"], "and good once")
    while alice.ask("VERIFY", code=alice.code(secret)).verdict == number["VERDICT_REJECTED"]:
        pass
    ticket = bytes(alice.ask("OPERATOR_UNLOCK").ticket)
    alice.now += 30
    for _ in range(2):
        alice.ask("VERIFY", code=b"000000")
    by_ticket = alice.ask("VERIFY", code=alice.code(secret), ticket=ticket)
    expect(by_ticket.verdict == accepted and by_ticket.by_ticket == 1, "a ticket opens the wait")
    mallory = Account("mallory")
    mallory.record = alice.record
    refused = mallory.ask("CONFIRM_SAVED", recovery_code=bytes(confirmed.recovery_code))
    expect(refused.verdict == number["VERDICT_REJECTED"], "a recovery code is bound to the account")
    alice.record = b""
    expect(alice.ask("BEGIN_ENROLLMENT").verdict == number["VERDICT_BAD_RECORD"], "an empty record is refused")
    expect(alice.look().sound == 0, "and not looked at")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
