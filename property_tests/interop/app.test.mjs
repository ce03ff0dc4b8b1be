// SPDX-License-Identifier: Apache-2.0
// docs/examples/app in a browser: an application with a sign-in of its own that asks Twinlock's API for the second factor.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { closeBrowser, openBrowser, person, root, startProgram } from '../browser/support.mjs';

let stack, first, second, secret, recovery, usedCode;
const password = { name: 'demo', password: 'demo' };

async function open(...options) {
  stack = await startProgram(path.join(root, 'property_tests/interop/app_stack.py'), ...options);
  first = await person(stack, { signedIn: false });
  second = await person(stack, { signedIn: false });
}

async function close() {
  await first?.leave();
  await second?.leave();
  await stack?.stop();
  first = second = stack = undefined;
}

before(async () => {
  await openBrowser();
  await open();
});
after(async () => {
  await close();
  await closeBrowser();
});

const cookie = async (who) => (await who.context.cookies()).find((c) => c.name === '__Host-session');

// The password, in a form that was just loaded; returns the status.
async function signIn(who, fields = password) {
  await who.visit('/sign-in');
  return who.submit('/sign-in', fields);
}

async function freshCode() {
  await stack.nextStep();
  return stack.code(secret);
}

async function enroll(who) {
  await who.visit('/security');
  assert.equal(await who.submit('/security/enroll', { password: 'demo' }), 200);
  secret = await who.keyText();
  usedCode = await freshCode();
  assert.equal(await who.submit('/enroll/confirm', { code: usedCode }), 200);
  recovery = await who.recoveryCode();
}

async function assertShut(who) {
  for (const where of ['/', '/security']) {
    await who.visit(where);
    assert.match(who.at(), /^\/(code|sign-in)$/, where);
  }
}

test('without a session only the sign-in opens', async () => {
  await first.visit('/');
  assert.equal(first.at(), '/sign-in');
  assert.equal(await signIn(first, { name: 'demo', password: 'wrong' }), 422);
  assert.equal(await signIn(first, { name: 'nobody', password: 'demo' }), 422);
  await assertShut(first);
});

test('a form without its token is refused', async () => {
  await first.visit('/sign-in');
  const answer = await first.context.request.post('/sign-in', { form: { ...password, csrf: 'x' } });
  assert.equal(answer.status(), 403);
  await assertShut(first);
});

test('while it is off the password alone opens the site, with a new session id', async () => {
  await first.visit('/sign-in');
  const planted = (await cookie(first)).value;
  assert.equal(await signIn(first), 200);
  assert.equal(first.at(), '/');
  const { value, httpOnly, sameSite, secure } = await cookie(first);
  assert.notEqual(value, planted);
  assert.deepEqual([httpOnly, sameSite, secure], [true, 'Lax', true]);
  await signIn(second);
  assert.equal(second.at(), '/');
});

test('setting up asks for the password again, shows key and picture, and refuses a wrong code', async () => {
  await first.visit('/security');
  await first.shoot('app_security_off');
  assert.equal(await first.submit('/security/enroll', { password: 'wrong' }), 422);
  assert.equal(await first.submit('/security/enroll', { password: 'demo' }), 200);
  await first.shoot('app_enroll');
  secret = await first.keyText();
  assert.equal((await first.scannedUri()).searchParams.get('secret'), secret);
  assert.equal(await first.submit('/enroll/confirm', { code: await stack.wrongCode(secret) }), 422);
  assert.ok(!(await first.page.content()).includes(secret.slice(0, 4)), 'the key is shown once');
});

test('a right code turns it on, shows the recovery code once, and signs every other browser out', async () => {
  usedCode = await stack.code(secret);
  assert.equal(await first.submit('/enroll/confirm', { code: usedCode }), 200);
  recovery = await first.recoveryCode();
  await first.visit('/security');
  assert.ok(!(await first.showsRecoveryCode()));
  await first.shoot('app_security_on');
  await assertShut(second);
  assert.match((await stack.mailWhere((m) => /is on/.test(m.subject))).to, /demo@example\.org/);
});

test('a session after the password alone opens nothing', async () => {
  await first.submit('/sign-out');
  await assertShut(first);
  assert.equal(await signIn(first), 200);
  assert.equal(first.at(), '/code');
  await first.shoot('app_code');
  await assertShut(first);
  const csrf = await first.page.locator('form[action="/code"] [name="csrf"]').inputValue();
  for (const where of ['/security/enroll', '/security/renew', '/security/disable', '/enroll/cancel']) {
    const answer = await first.context.request.post(where, { form: { csrf, password: 'demo', code: usedCode }, maxRedirects: 0 });
    assert.deepEqual([answer.status(), answer.headers().location], [303, '/code'], where);
  }
  const begun = await first.context.request.post('/replace', { form: { csrf, grant: '' } });
  assert.equal(begun.status(), 409, 'no second phone for the one who has the password');
});

test('used and wrong codes are refused; the next one signs in, with a new session id', async () => {
  await first.visit('/code');
  const half = (await cookie(first)).value;
  for (const code of [usedCode, await stack.wrongCode(secret), '12345']) {
    assert.equal(await first.submit('/code', { code }), 422);
    assert.equal(first.at(), '/code');
  }
  await assertShut(first);
  await first.visit('/code');
  usedCode = await freshCode();
  assert.equal(await first.submit('/code', { code: usedCode }), 200);
  assert.equal(first.at(), '/');
  assert.notEqual((await cookie(first)).value, half);
});

test('a replayed code is refused in another browser', async () => {
  await signIn(second);
  assert.equal(await second.submit('/code', { code: usedCode }), 422);
  await assertShut(second);
});

test('wrong codes of a stranger make it wait, and keep out no browser that is known', async () => {
  await second.visit('/code');
  let wait_s = 0;
  for (let tries = 0; wait_s <= 60 && tries < 40; tries += 1) {
    await stack.advance(wait_s);
    if (await second.submit('/code', { code: await stack.wrongCode(secret) }) !== 429) continue;
    const [, number, unit] = /Wait (\d+) (seconds|minutes)/.exec(await second.text());
    wait_s = unit === 'minutes' ? 60 * number : Number(number);
  }
  assert.ok(wait_s > 60, 'the waits grow');
  const right = await freshCode();
  assert.equal(await second.submit('/code', { code: right }), 429);
  await second.shoot('app_waiting');
  await first.visit('/');
  await first.submit('/sign-out');
  await signIn(first);
  assert.equal(await first.submit('/code', { code: right }), 200);
  assert.equal(first.at(), '/');
  await stack.twinlock('unlock', 'club-1', '--reason', 'the test goes on');
});

test('a new recovery code replaces the old one', async () => {
  const old = recovery;
  await first.visit('/security');
  assert.equal(await first.submit('/security/renew', { code: await freshCode() }), 200);
  recovery = await first.recoveryCode();
  await signIn(second);
  await second.visit('/lost');
  assert.equal(await second.submit('/lost', { recovery_code: old }), 422);
});

test('a lost phone: recovery code, mail, and one click in the browser that asked', async () => {
  const count = (await stack.mails()).length;
  assert.equal(await second.submit('/lost', { recovery_code: recovery }), 200);
  await assertShut(second);
  const link = await stack.mailedLink(count);
  const other = await person(stack, { signedIn: false });
  assert.equal(await other.visit(link), 200);
  assert.equal(await other.submit('recover/confirm', { ...password, recovery_code: '0000-0000-0000-0000-0000-0000-000' }), 422);
  assert.equal(await other.submit('recover/confirm', { name: 'demo', password: 'wrong', recovery_code: recovery }), 422);
  await other.leave();
  await second.visit(link);
  assert.equal(await second.form('recover/confirm').locator('input:not([type="hidden"])').count(), 0);
  assert.equal(await second.submit('recover/confirm'), 200);
  await assertShut(second);
  await assertShut(first);
  assert.equal(await signIn(second), 200);
  assert.equal(second.at(), '/');
  await stack.assertUnsaid(new URL(link).searchParams.get('token'));
});

test('turned off with a code, the password is enough again', async () => {
  await enroll(second);
  await second.visit('/security');
  assert.equal(await second.submit('/security/disable', { code: usedCode }), 422);
  assert.equal(await second.submit('/security/disable', { code: await freshCode() }), 200);
  assert.match(await second.text(), /is off/);
  await second.submit('/sign-out');
  await signIn(second);
  assert.equal(second.at(), '/');
});

test('without Twinlock nobody signs in, whether a code was needed or not', async () => {
  await second.submit('/sign-out');
  await stack.command('kill twinlockd');
  assert.equal(await signIn(second), 503);
  await assertShut(second);
  await stack.command('start twinlockd');
  await signIn(second);
  await enroll(second);
  await second.visit('/');
  await second.submit('/sign-out');
  await signIn(second);
  await stack.command('kill twinlockd');
  assert.equal(await second.submit('/code', { code: await freshCode() }), 503);
  assert.equal(await second.visit('/'), 503);
  await second.visit('/sign-in');
  await stack.command('start twinlockd');
  await assertShut(second);
});

test('no log holds a secret', async () => {
  await stack.assertUnsaid(secret, recovery, usedCode, 'twl_');
});

test('where a lost phone must be replaced, the password and the grant set up the new one', async () => {
  await close();
  await open('--after-recovery', 'replace');
  await signIn(first);
  await enroll(first);
  await first.visit('/');
  await first.submit('/sign-out');
  await signIn(first);
  await first.visit('/lost');
  const count = (await stack.mails()).length;
  await first.submit('/lost', { recovery_code: recovery });
  await first.visit(await stack.mailedLink(count));
  assert.equal(await first.submit('recover/confirm'), 200);
  await signIn(second);
  assert.equal(second.at(), '/replace');
  assert.equal(await second.submit('/replace', { grant: '0000-0000-0000-0000-0000-0000-000' }), 422);
  await second.visit('/');
  await second.visit('/security');
  assert.equal(second.at(), '/replace');
  await signIn(first);
  assert.equal(first.at(), '/replace');
  assert.equal(await first.submit('/replace'), 200);
  secret = await first.keyText();
  usedCode = await freshCode();
  assert.equal(await first.submit('/enroll/confirm', { code: usedCode }), 200);
  assert.notEqual(await first.recoveryCode(), recovery);
  assert.equal(await first.visit('/'), 200);
  assert.equal(first.at(), '/');
  await signIn(second);
  assert.equal(second.at(), '/code');
});
