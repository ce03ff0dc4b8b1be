#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the mails of a sink's folder as JSON, oldest first: [{"file", "to", "subject", "text", "id"}].

usage: mails.py FOLDER
"""

import email
import email.policy
import json
import pathlib
import sys


def read(folder: pathlib.Path) -> list[dict]:
    mails = []
    for path in sorted(folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name)):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body(preferencelist=("plain",))
        mails.append({"file": path.name, "to": str(message["To"]), "subject": str(message["Subject"]),
                      "text": body.get_content() if body else "", "id": str(message["Message-ID"])})
    return mails


if __name__ == "__main__":
    json.dump(read(pathlib.Path(sys.argv[1])), sys.stdout)
