# SPDX-License-Identifier: Apache-2.0
"""The application's own half: people with scrypt-hashed passwords, sessions and known browsers, in SQLite. Knows no Twinlock."""

import dataclasses
import hashlib
import hmac
import json
import secrets
import sqlite3
import time

SCRYPT = {"n": 2**15, "r": 8, "p": 3, "maxmem": 64 * 2**20, "dklen": 32}
LIFE_S = {"nobody": 3600, "password": 1800, "member": 12 * 3600}  # by stage
KNOWN_S = 30 * 86_400

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, email TEXT NOT NULL,
                                   salt BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS sessions (hash BLOB PRIMARY KEY, person INTEGER REFERENCES people, stage TEXT NOT NULL,
                                     csrf TEXT NOT NULL, data TEXT NOT NULL, until INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS known (hash BLOB PRIMARY KEY, person INTEGER NOT NULL REFERENCES people, until INTEGER NOT NULL) STRICT;
"""


@dataclasses.dataclass(frozen=True)
class Person:
    id: int
    name: str
    email: str

    @property
    def account(self) -> str:
        """The name at Twinlock: never changes, and AUTOINCREMENT gives none to a second person."""
        return f"club-{self.id}"


@dataclasses.dataclass
class Session:
    """`stage`: "nobody" (only a form's token), "password" (no more than that was right), "member" (signed in)."""

    id: str  # the cookie; the table has its hash
    stage: str
    person: Person | None
    csrf: str
    data: dict


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class People:
    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, timeout=5, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA foreign_keys = ON")

    def create(self) -> None:
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        self._db.close()

    # -- passwords

    def add(self, name: str, email: str, password: str) -> None:
        salt = secrets.token_bytes(16)
        self._db.execute("INSERT INTO people (name, email, salt, hash) VALUES (?, ?, ?, ?)",
                         (name, email, salt, hashlib.scrypt(password.encode(), salt=salt, **SCRYPT)))

    def signed(self, name: str, password: str) -> Person | None:
        """The person with that name and password; an unknown name takes as long as a wrong password."""
        row = self._db.execute("SELECT salt, hash, id, name, email FROM people WHERE name = ?", (name,)).fetchone()
        salt, kept = row[:2] if row else (b"nobody has this!", b"")
        right = hmac.compare_digest(hashlib.scrypt(password.encode(), salt=salt, **SCRYPT), kept)
        return Person(*row[2:]) if row and right else None

    # -- sessions

    def start(self, stage: str, person: Person | None, data: dict, old: Session | None) -> Session:
        """A session with a new id. `old` ends with it: a cookie that was planted before a sign-in is worth nothing after."""
        fresh = Session(secrets.token_urlsafe(32), stage, person, secrets.token_urlsafe(32), data)
        now = int(time.time())
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM sessions WHERE until < ? OR hash = ?", (now, _hash(old.id) if old else b""))
            self._db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", (
                _hash(fresh.id), person and person.id, stage, fresh.csrf, json.dumps(data), now + LIFE_S[stage]))
        return fresh

    def session(self, id: str) -> Session | None:
        row = self._db.execute("SELECT stage, csrf, data, person, name, email FROM sessions LEFT JOIN people ON people.id = person "
                               "WHERE sessions.hash = ? AND until >= ?", (_hash(id), int(time.time()))).fetchone()
        return row and Session(id, row[0], Person(*row[3:]) if row[3] is not None else None, row[1], json.loads(row[2]))

    def keep(self, session: Session) -> None:
        self._db.execute("UPDATE sessions SET data = ? WHERE hash = ?", (json.dumps(session.data), _hash(session.id)))

    def end(self, session: Session) -> None:
        self._db.execute("DELETE FROM sessions WHERE hash = ?", (_hash(session.id),))

    def end_all(self, person: Person) -> None:
        """Signs out every browser of the person, and forgets which are known."""
        for table in ("sessions", "known"):
            self._db.execute(f"DELETE FROM {table} WHERE person = ?", (person.id,))

    # -- browsers in which a code was accepted

    def know(self, person: Person) -> str:
        cookie = secrets.token_urlsafe(32)
        self._db.execute("DELETE FROM known WHERE until < ?", (int(time.time()),))
        self._db.execute("INSERT INTO known VALUES (?, ?, ?)", (_hash(cookie), person.id, int(time.time()) + KNOWN_S))
        return cookie

    def knows(self, cookie: str, person: Person) -> bool:
        found = self._db.execute("SELECT 1 FROM known WHERE hash = ? AND person = ? AND until >= ?",
                                 (_hash(cookie), person.id, int(time.time()))).fetchone()
        return found is not None
