#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A members' site with a password sign-in of its own, and Twinlock's JSON API for the second factor.

usage: app.py [--database FILE] add NAME EMAIL      asks for the password (a pipe's first line, where there is no terminal)
       app.py [--database FILE] [--key FILE] [--api HOST:PORT] [--listen HOST:PORT] serve

Behind nginx with TLS (nginx.conf here). README.md says which of the decisions below must not be made otherwise.
"""

import argparse
import base64
import functools
import getpass
import hmac
import sys

import flask
import waitress

import twinlock
from people import KNOWN_S, People, Person, Session

app = flask.Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 16 * 1024
COOKIE, KNOWN_COOKIE = "__Host-session", "__Host-known"  # __Host-: Secure, this host alone, Path=/
SAFE_COOKIE = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/"}
NOES = {
    "rejected": "That was not right. A code counts once, and only while the phone shows it: wait for the next one.",
    "misformed": "That cannot be right: there is a typing error in it.",
    "throttled": "Too many wrong codes. Wait {wait}; what is typed before that is not looked at.",
    "locked": "Too many wrong codes in a row: codes no longer count for this account. Use the recovery code.",
    "forbidden": "This site requires a second factor: it cannot be turned off.",
    "wrong_state": "This has changed in the meantime. Begin again.",
    "stale_sign_in": "Enter your password again, then set it up.",
    "undeliverable": "There is no mail address to send the link to. Ask the harbour master.",
}
UNAVAILABLE = "The second factor cannot be checked now, so nobody can be signed in and nothing was changed. Try again in a minute."


def said(no: twinlock.Refused) -> str:
    minutes = -(-no.retry_after_s // 60)
    return NOES[no.word].format(wait=f"{no.retry_after_s} seconds" if minutes < 2 else f"{minutes} minutes")


# -- what every request goes through


def people() -> People:
    if "people" not in flask.g:
        flask.g.people = People(app.config["DATABASE"])
    return flask.g.people


def factor() -> twinlock.Client:
    language = flask.request.headers.get("Accept-Language", "")[:200]
    return twinlock.Client(app.config["API"], app.config["KEY"], language)


def session() -> Session | None:
    return flask.g.get("session")


def begin(stage: str, person: Person | None = None, data: dict | None = None) -> None:
    """The one place where a stage is given: with a new session id, in place of the old session."""
    flask.g.session = people().start(stage, person, data or {}, session())
    flask.g.cookies = {COOKIE: (flask.g.session.id, None)}


@app.before_request
def before() -> None:
    flask.g.cookies = {}
    flask.g.session = people().session(flask.request.cookies.get(COOKIE, ""))
    if flask.request.method not in ("GET", "HEAD"):
        shown = flask.request.form.get("csrf", "")
        if not session() or not hmac.compare_digest(shown.encode(), session().csrf.encode()):
            flask.abort(flask.make_response(page("message.html", 403, text="This form is too old. Go back and load the page again.")))


@app.after_request
def after(response: flask.Response) -> flask.Response:
    for name, (value, age) in flask.g.get("cookies", {}).items():
        response.set_cookie(name, value, max_age=age, **SAFE_COOKIE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # an address may hold the mailed token
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = ("default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
                                                   "base-uri 'none'; frame-ancestors 'none'")
    return response


@app.teardown_appcontext
def teardown(_: BaseException | None) -> None:
    if "people" in flask.g:
        flask.g.people.close()


def page(template: str, status: int = 200, **values: object) -> tuple[str, int]:
    if not session():
        begin("nobody")
    return flask.render_template(template, session=session(), **values), status


def needs(*stages: str):
    """Only for sessions of one of these stages; "password" is on no page of the members."""
    def decorate(view):
        @functools.wraps(view)
        def checked(*arguments, **named):
            stage = session().stage if session() else "nobody"
            if stage in stages:
                return view(*arguments, **named)
            return flask.redirect({"nobody": "/sign-in", "password": "/code", "member": "/"}[stage], 303)
        return checked
    return decorate


@app.errorhandler(twinlock.Unavailable)
def unavailable(error: twinlock.Unavailable) -> tuple[str, int]:
    print(f"Twinlock: {error}", file=sys.stderr, flush=True)  # a status and a word; no key, code or account
    return page("message.html", 503, text=UNAVAILABLE)


@app.errorhandler(twinlock.Refused)
def refused(no: twinlock.Refused) -> tuple[str, int]:
    return page("message.html", no.status, text=said(no))


# -- signing in


@app.get("/sign-in")
def sign_in() -> object:
    return page("sign_in.html")


@app.post("/sign-in")
def signed_in() -> object:
    person = people().signed(flask.request.form.get("name", ""), flask.request.form.get("password", ""))
    if person is None:
        return page("sign_in.html", 422, wrong="Name or password is wrong.")
    standing = factor().standing(person.account)  # raises where Twinlock does not answer: no session of any kind
    if standing.password_is_enough:
        begin("member", person)
        return flask.redirect("/", 303)
    grant = session().data.get("grant")  # this browser has just settled a loss; nothing else is taken along
    begin("password", person, {"grant": grant} if grant else {})
    return flask.redirect("/replace" if standing.state == "replacing" else "/code", 303)


@app.get("/code")
@needs("password")
def code() -> object:
    standing = factor().standing(session().person.account)
    if standing.state == "replacing":
        return flask.redirect("/replace", 303)
    return page("code.html", wrong=NOES["locked"] if standing.locked else "")


@app.post("/code")
@needs("password")
def code_given() -> object:
    person = session().person
    known = people().knows(flask.request.cookies.get(KNOWN_COOKIE, ""), person)
    try:
        factor().verify(person.account, flask.request.form.get("code", ""), person.email, known)
    except twinlock.Refused as no:
        return page("code.html", no.status, wrong=said(no))
    begin("member", person)
    flask.g.cookies[KNOWN_COOKIE] = (people().know(person), KNOWN_S)
    return flask.redirect("/", 303)


@app.post("/sign-out")
def sign_out() -> object:
    people().end(session())
    return flask.redirect("/sign-in", 303)


@app.get("/")
@needs("member")
def members() -> object:
    return page("members.html")


# -- the security page


@app.get("/security")
@needs("member")
def security(status: int = 200, wrong: str = "") -> object:
    return page("security.html", status, wrong=wrong, standing=factor().standing(session().person.account))


def enrollment(**more: str | int) -> object:
    """Begins one and shows its key, once: the session keeps the id alone."""
    person = session().person
    begun = factor().begin(person.account, person.email, person.email, **more)
    session().data["enrollment_id"] = begun["enrollment_id"]
    people().keep(session())
    key = " ".join(begun["secret"][at:at + 4] for at in range(0, len(begun["secret"]), 4))
    # The picture goes into an <img>: there, no SVG can run a script or reach the page.
    return page("enroll.html", key=key, picture=base64.b64encode(begun["qr_svg"].encode()).decode())


@app.post("/security/enroll")
@needs("member")
def enroll() -> object:
    person = session().person
    if people().signed(person.name, flask.request.form.get("password", "")) is None:
        return security(422, "The password is wrong.")
    return enrollment(fresh_s=0)  # proved just now


@app.post("/enroll/confirm")
@needs("member", "password")  # "password": with a grant that Twinlock took, see replace()
def confirm() -> object:
    person, id = session().person, session().data.get("enrollment_id", "")
    if not id:
        return page("message.html", 409, text=NOES["wrong_state"])
    try:
        recovery_code = factor().confirm(person.account, id, flask.request.form.get("code", ""), person.email)
    except twinlock.Refused as no:
        if no.word == "wrong_state":
            raise
        return page("enroll.html", no.status, wrong=said(no))
    people().end_all(person)  # whoever else is signed in has shown no code
    begin("member", person)
    return page("recovery_code.html", recovery_code=recovery_code)


@app.post("/enroll/cancel")
@needs("member")
def cancel() -> object:
    id = session().data.pop("enrollment_id", "")
    people().keep(session())
    if id:
        factor().cancel(session().person.account, id)
    return flask.redirect("/security", 303)


@app.post("/security/<any(disable, renew):what>")
@needs("member")
def change(what: str) -> object:
    person, given = session().person, flask.request.form.get("code", "")
    try:
        if what == "renew":
            return page("recovery_code.html", recovery_code=factor().renew(person.account, given))
        factor().disable(person.account, given)
    except twinlock.Refused as no:
        return security(no.status, said(no))
    people().end_all(person)
    begin("member", person)
    return flask.redirect("/security", 303)


# -- a lost phone


@app.get("/lost")
@needs("password")
def lost() -> object:
    return page("lost.html")


@app.post("/lost")
@needs("password")
def lost_asked() -> object:
    try:
        asker = factor().ask_for_recovery(session().person.account, flask.request.form.get("recovery_code", ""))
    except twinlock.Refused as no:
        return page("lost.html", no.status, wrong=said(no))
    session().data["asker_secret"] = asker
    people().keep(session())
    return page("message.html", text="A link is on its way to your mail address. Open it in this browser, and keep this page open.")


@app.get("/2fa/recover/confirm")
def link() -> object:
    """The mailed address. GET changes nothing: mail scanners follow links."""
    return page("link.html", token=flask.request.args.get("token", ""))


@app.post("/2fa/recover/confirm")
def link_clicked() -> object:
    given, asker = flask.request.form, session().data.pop("asker_secret", "")
    proof = {"asker_secret": asker} if asker else {"recovery_code": given.get("recovery_code", "")}
    person = session().person if asker else people().signed(given.get("name", ""), given.get("password", ""))
    if person is None:
        return page("link.html", 422, token=given.get("token", ""), wrong="Name or password is wrong.")
    try:
        grant = factor().settle(given.get("token", ""), proof)
    except twinlock.Refused as no:
        people().keep(session())  # without the secret: it was not this link's, so the recovery code is asked for
        return page("link.html", no.status, token=given.get("token", ""), wrong=said(no))
    people().end_all(person)  # the lost phone's own browser too
    begin("nobody", data={"grant": grant} if grant else {})
    return page("message.html", text="The lost phone no longer counts. Sign in with your password" +
                (", and set up the new one." if grant else "; a new phone is set up on the security page."))


@app.get("/replace")
@needs("password")
def replace() -> object:
    return page("replace.html")


@app.post("/replace")
@needs("password")
def replaced() -> object:
    """The account is between two phones. Only who has the grant, from the link or the harbour master, sets up the new one."""
    try:
        return enrollment(grant=session().data.get("grant") or flask.request.form.get("grant", ""))
    except twinlock.Refused as no:
        session().data.pop("grant", None)
        people().keep(session())
        return page("replace.html", no.status, wrong=said(no))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="app.db")
    parser.add_argument("--key", default="twinlock.key", help="file with the key of `twinlock api-key add --scope app`")
    parser.add_argument("--api", default="127.0.0.1:8082", help="where nginx serves Twinlock's API")
    parser.add_argument("--listen", default="127.0.0.1:3000")
    commands = parser.add_subparsers(dest="command", required=True)
    adds = commands.add_parser("add", help="add a person")
    adds.add_argument("name")
    adds.add_argument("email")
    commands.add_parser("serve", help="run the site")
    given = parser.parse_args()
    store = People(given.database)
    store.create()
    if given.command == "add":
        store.add(given.name, given.email, getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n"))
        return
    store.close()
    app.config.update(DATABASE=given.database, API=given.api, KEY=twinlock.read_key(given.key))
    waitress.serve(app, listen=given.listen, ident=None)  # keeps no access log of its own: addresses would be in it


if __name__ == "__main__":
    main()
