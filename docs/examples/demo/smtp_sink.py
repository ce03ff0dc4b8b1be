#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A mail server for the demo and the tests: takes mail on loopback and keeps each one as a file in a folder.

A mail becomes NNNN.eml, complete when it appears, with the envelope in X-Envelope-From and X-Envelope-To. The port is
printed ("listening on 127.0.0.1:PORT") and, with --port-file, written to a file.
"""
import argparse
import asyncio
import os
import signal
import ssl
import sys

try:
    from aiosmtpd.smtp import SMTP, AuthResult
except ModuleNotFoundError:  # Debian's package serves Debian's Python; another one may come first in PATH
    if os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3"):
        sys.exit("smtp_sink.py needs aiosmtpd (Debian: python3-aiosmtpd)")
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])


class Sink:
    """Keeps mail in `folder`, after what `behaviour` says."""

    def __init__(self, folder, behaviour):
        self.folder = folder
        self.behaviour = behaviour
        self.seen = 0
        self.kept = len([name for name in os.listdir(folder) if name.endswith(".eml")])

    def keep(self, envelope):
        self.kept += 1
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        path = os.path.join(self.folder, f"{self.kept:04}.eml")
        with open(path + ".part", "wb") as file:
            file.write(head.encode() + envelope.original_content)
        os.rename(path + ".part", path)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.behaviour == "refuse":
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.seen += 1
        first = self.seen == 1
        if self.behaviour == "defer" or (self.behaviour == "defer-once" and first):
            return "451 4.3.0 try again later"
        hanging = self.behaviour.removeprefix("hang-at-")
        if self.behaviour == "hang" or any(to.endswith("@" + hanging) for to in envelope.rcpt_tos):
            await asyncio.Event().wait()
        self.keep(envelope)
        if self.behaviour == "keep-and-hang-once" and first:
            await asyncio.Event().wait()
        return "250 OK"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", help="where mail is kept; made if absent")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--port-file", help="file to write the port to")
    parser.add_argument("--behaviour", default="accept", help="what to do with mail",
                        choices=["accept", "defer-once", "defer", "refuse", "hang", "hang-at-hanging.example",
                                 "keep-and-hang-once"])
    parser.add_argument("--certificate", help="PEM file: offers STARTTLS, and takes no mail before it")
    parser.add_argument("--key", help="PEM file of the certificate's key")
    parser.add_argument("--tls-at-once", action="store_true", help="TLS from the first byte instead of STARTTLS")
    parser.add_argument("--login", help="USER:PASSWORD that must be given")
    parser.add_argument("--until-stdin-ends", action="store_true", help="stop when standard input is closed")
    return parser.parse_args()


def smtp_options(args, tls):
    options = {"hostname": "localhost", "enable_SMTPUTF8": False}
    if tls and not args.tls_at_once:
        options.update(tls_context=tls, require_starttls=True)
    if args.login:
        expected = tuple(part.encode() for part in args.login.split(":", 1))

        def authenticate(server, session, envelope, mechanism, given):
            return AuthResult(success=(given.login, given.password) == expected, handled=False)

        options.update(authenticator=authenticate, auth_required=True, auth_require_tls=bool(tls) and not args.tls_at_once)
    return options


async def serve(args):
    os.makedirs(args.folder, exist_ok=True)
    tls = None
    if args.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(args.certificate, args.key)
    sink = Sink(args.folder, args.behaviour)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, **smtp_options(args, tls)), "127.0.0.1", args.port,
                                      ssl=tls if args.tls_at_once else None)
    port = server.sockets[0].getsockname()[1]
    if args.port_file:
        with open(args.port_file + ".part", "w", encoding="ascii") as file:
            file.write(f"{port}\n")
        os.rename(args.port_file + ".part", args.port_file)
    print(f"listening on 127.0.0.1:{port}", flush=True)

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if args.until_stdin_ends:
        loop.add_reader(sys.stdin, lambda: os.read(0, 4096) or stop.set())
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
