// SPDX-License-Identifier: Apache-2.0
// The whole story where the second factor is optional: one person, several browsers, from the first visit to a lost phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, openBrowser, person, startStack } from './support.mjs';

let stack, first, second;
let secret, recovery, usedCode;

before(async () => {
  stack = await startStack();
  await openBrowser();
  first = await person(stack);
});
after(async () => {
  await first?.leave();
  await closeBrowser();
  await stack?.stop();
});

test('the password comes first', async () => {
  const stranger = await person(stack, { signedIn: false });
  assert.equal(await stranger.visit('/club/').catch(() => 401), 401);
  for (const path of ['', 'style.css', 'script.js', 'icon.svg', 'recover', 'challenge', 'recover/confirm/', 'recover/confirmed']) {
    assert.equal((await stranger.context.request.get(`/2fa/${path}`)).status(), 401, path);
  }
  assert.equal((await stranger.context.request.get('/2fa/recover/confirm')).status(), 400, 'the one exemption');
  await stranger.leave();
});

test('without a second factor the password alone opens the site', async () => {
  assert.equal(await first.visit('/club/'), 200);
  assert.equal(first.at(), '/club/');
  assert.equal(await first.visit('/2fa/gate'), 404);
});

test('the security page says that it is off', async () => {
  assert.equal(await first.visit('/2fa/'), 200);
  await first.shoot('security_off');
});

test('setting up shows a picture and a key that say the same', async () => {
  await first.submit('enroll');
  assert.equal(first.at(), '/2fa/enroll');
  await first.shoot('enroll');
  secret = await first.keyText();
  const uri = await first.scannedUri();
  assert.equal(uri.protocol, 'otpauth:');
  assert.equal(uri.host, 'totp');
  assert.equal(uri.searchParams.get('secret'), secret);
  assert.equal(uri.searchParams.get('issuer'), 'Harbour Row');
  assert.equal(decodeURIComponent(uri.pathname), '/Harbour Row:demo');
});

test('the field for the code helps, and has a label', async () => {
  const field = first.form('enroll/confirm').locator('[name="code"]');
  assert.equal(await field.getAttribute('autocomplete'), 'one-time-code');
  assert.equal(await field.getAttribute('inputmode'), 'numeric');
  assert.equal(await first.page.locator(`label[for="${await field.getAttribute('id')}"]`).count(), 1);
});

test('another browser cannot see the key', async () => {
  const other = await person(stack);
  await other.visit('/2fa/enroll');
  assert.ok(!(await other.text()).replace(/\s/g, '').includes(secret));
  await other.shoot('enroll_elsewhere');
  await other.leave();
});

test('a pending key lets nobody in and keeps nobody out', async () => {
  assert.equal(await first.visit('/club/'), 200);
  assert.equal(await first.visit('/2fa/enroll'), 200);
});

test('a wrong code is refused, and the message belongs to the field', async () => {
  assert.equal(await first.submit('enroll/confirm', { code: await stack.wrongCode(secret) }), 422);
  const field = first.form('enroll/confirm').locator('[name="code"]');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  for (const id of (await field.getAttribute('aria-describedby')).split(' ')) {
    assert.equal(await first.page.locator(`[id="${id}"]`).count(), 1);
  }
  assert.equal(await first.keyText(), secret);
  await first.shoot('enroll_wrong_code');
});

test('a right code turns it on and shows the recovery code', async () => {
  usedCode = await stack.code(secret);
  assert.equal(await first.submit('enroll/confirm', { code: usedCode }), 200);
  recovery = await first.recoveryCode();
  await first.shoot('recovery_code_shown');
  await first.shootPrint('recovery_code');
  assert.match((await stack.mailWhere((m) => /is on/.test(m.subject))).to, /demo@example\.org/);
});

test('the recovery code is shown once', async () => {
  await first.page.reload();
  assert.ok(!(await first.showsRecoveryCode()));
  assert.match(await first.text(), /shown already/);
  await first.shoot('recovery_code_reloaded');
  await first.visit('/2fa/');
  assert.ok(!(await first.showsRecoveryCode()));
  assert.match(await first.text(), /not shown yet that you saved/);
  await first.shoot('security_on');
  await first.page.goBack();
  assert.ok(!(await first.showsRecoveryCode()));
});

test('a fresh browser is asked, and comes back to the page asked for with its query', async () => {
  second = await person(stack);
  await second.visit('/club/bookings.html?boat=petrel&day=we%20d#top');
  assert.match(second.at(), /^\/2fa\/challenge\?next=\/club\/bookings\.html\?boat=petrel&day=we%20d/);
  await second.shoot('challenge');
});

test('the code that turned it on does not sign in as well', async () => {
  assert.equal(await second.submit('challenge', { code: usedCode }), 422);
  await second.shoot('challenge_wrong_code');
});

test('the next code signs in', async () => {
  await stack.nextStep();
  usedCode = await stack.code(secret);
  assert.equal(await second.submit('challenge', { code: usedCode }), 200);
  assert.equal(second.at(), '/club/bookings.html?boat=petrel&day=we%20d');
});

test('a replayed code is refused in a third browser', async () => {
  const third = await person(stack);
  await third.visit('/club/');
  assert.equal(await third.submit('challenge', { code: usedCode }), 422);
  assert.equal(await third.visit('/club/crew.html'), 200);
  assert.match(third.at(), /^\/2fa\/challenge/);
  await third.leave();
});

test('a code of five or seven characters is not evaluated', async () => {
  const third = await person(stack);
  const before = JSON.parse(await stack.twinlock('show', 'demo', '--json'));
  for (const code of ['12345', '1234567', 'abcdef', '１２３４５６']) {
    await third.visit('/club/');
    await third.form('challenge').locator('[name="code"]').evaluate((e) => {
      e.removeAttribute('maxlength');
      e.removeAttribute('pattern');
      e.form.noValidate = true;
    });
    assert.equal(await third.submit('challenge', { code }), 422);
  }
  assert.deepEqual(JSON.parse(await stack.twinlock('show', 'demo', '--json')).failures, before.failures);
  await third.leave();
});

test('what is not there looks like the rest', async () => {
  assert.equal(await first.visit('/2fa/nothing'), 404);
  await first.shoot('not_found');
});

test('a new recovery code replaces the old one', async () => {
  await first.visit('/2fa/recovery-code');
  await first.shoot('renew');
  await stack.nextStep();
  const count = (await stack.mails()).length;
  assert.equal(await first.submit('recovery-code', { code: await stack.code(secret) }), 200);
  const fresh = await first.recoveryCode();
  assert.notEqual(fresh, recovery);
  assert.equal(await first.submit('recovery-code/saved', { recovery_code: 'ZZZ' }), 422);
  await first.shoot('saved_wrong_group');
  assert.equal(await first.submit('recovery-code/saved', { recovery_code: fresh.slice(-3) }), 200);
  assert.equal(first.at(), '/2fa/');
  assert.ok(!/not shown yet/.test(await first.text()));
  await stack.mailWhere((m) => /recovery code/.test(m.subject), count);
  await second.visit('/2fa/recover');
  await second.shoot('recover');
  assert.equal(await second.submit('recover', { recovery_code: recovery }), 422);
  await second.shoot('recover_wrong_code');
  recovery = fresh;
});

test('signing out drops this browser only', async () => {
  await second.visit('/2fa/');
  await second.submit('sign-out');
  await second.visit('/club/');
  assert.match(second.at(), /^\/2fa\/challenge/);
  await first.visit('/club/');
  assert.equal(first.at(), '/club/');
});

test('signing out everywhere drops every browser but the one that asked', async () => {
  await second.signIn(secret);
  await first.visit('/2fa/');
  await first.submit('sign-out-everywhere');
  await second.visit('/club/');
  assert.match(second.at(), /^\/2fa\/challenge/);
  await first.visit('/club/');
  assert.equal(first.at(), '/club/');
});

test('a ticket from support lets its holder be heard while wrong codes make the account wait', async () => {
  for (let i = 0; i < 5; ++i) assert.equal(await second.submit('challenge', { code: await stack.wrongCode(secret) }), 422);
  assert.equal(await second.submit('challenge', { code: await stack.code(secret) }), 429);
  const count = (await stack.mails()).length;
  const { ticket } = JSON.parse(await stack.twinlock('unlock', 'demo', '--operator', 'ines', '--reason', 'called', '--json'));
  await stack.mailWhere((m) => /ticket/.test(m.subject), count);
  await stack.nextStep();
  await second.visit('/club/');
  await second.page.getByText('I have a ticket from support').click();
  await second.shoot('challenge_ticket');
  assert.equal(await second.submit('challenge', { code: await stack.code(secret), ticket }), 200);
  assert.equal(second.at(), '/club/');
});

test('turning it off needs a code, and then the password alone opens the site', async () => {
  await first.visit('/2fa/disable');
  await first.shoot('disable');
  assert.equal(await first.submit('disable', { code: await stack.wrongCode(secret) }), 422);
  await stack.nextStep();
  assert.equal(await first.submit('disable', { code: await stack.code(secret) }), 200);
  assert.equal(first.at(), '/2fa/');
  await second.visit('/club/');
  assert.equal(second.at(), '/club/');
  await stack.mailWhere((m) => /is off/.test(m.subject));
});

test('it can be set up again, with another key', async () => {
  const old = secret;
  ({ secret, recovery } = await first.enroll());
  assert.notEqual(secret, old);
  await second.visit('/club/');
  assert.match(second.at(), /^\/2fa\/challenge/);
});

test('the recovery code alone signs nobody in: a link is mailed', async () => {
  const count = (await stack.mails()).length;
  await second.page.getByRole('link', { name: 'Enter recovery code' }).click();
  await second.page.waitForURL('**/2fa/recover');
  assert.equal(await second.submit('recover', { recovery_code: ` ${recovery.toLowerCase().replaceAll('-', ' ')} ` }), 200);
  await second.shoot('recover_sent');
  assert.match(await second.text(), /d\*+@/);
  await second.visit('/club/');
  assert.match(second.at(), /^\/2fa\/challenge/);
  second.link = await stack.mailedLink(count);
});

test('opening the link changes nothing; another browser is asked for the recovery code', async () => {
  const other = await person(stack, { signedIn: false });
  assert.equal(await other.visit(second.link), 200);
  await other.shoot('recover_confirm_elsewhere');
  assert.equal(await other.form('recover/confirm').locator('[name="recovery_code"]').count(), 1);
  assert.equal(await other.submit('recover/confirm', { recovery_code: '0000-0000-0000-0000-0000-0000-000' }), 422);
  await other.shoot('recover_confirm_wrong_code');
  await second.visit('/club/');
  assert.match(second.at(), /^\/2fa\/challenge/);
  await other.leave();
});

test('in the browser that asked a button is enough: off', async () => {
  assert.equal(await second.visit(second.link), 200);
  await second.shoot('recover_confirm');
  assert.equal(await second.form('recover/confirm').locator('input:not([type="hidden"])').count(), 0);
  assert.equal(await second.submit('recover/confirm'), 200);
  await second.shoot('recovered');
  assert.equal(await second.visit('/club/'), 200);
  assert.equal(second.at(), '/club/');
  assert.equal(JSON.parse(await stack.twinlock('show', 'demo', '--json')).state, 'off');
});

test('the link is dead afterwards', async () => {
  await second.visit(second.link);
  const form = second.form('recover/confirm');
  if (await form.count() === 0) return;
  const typed = await form.locator('[name="recovery_code"]').count() ? { recovery_code: recovery } : {};
  assert.notEqual(await second.submit('recover/confirm', typed), 200);
  await second.shoot('link_dead');
});

test('another browser recovers with the recovery code and the link', async () => {
  ({ secret, recovery } = await first.enroll());
  const count = (await stack.mails()).length;
  await second.visit('/2fa/recover');
  assert.equal(await second.submit('recover', { recovery_code: recovery }), 200);
  const link = await stack.mailedLink(count);
  const other = await person(stack, { signedIn: false });
  const asked = [];
  other.page.on('request', (r) => asked.push(new URL(r.url()).pathname));
  await other.visit(link);
  assert.equal(await other.submit('recover/confirm', { recovery_code: recovery }), 200);
  assert.deepEqual([...new Set(asked)], ['/2fa/recover/confirm'], 'the page loads nothing else');
  await other.leave();
  await stack.mailWhere((m) => /removed/.test(m.subject), count);
  await second.visit('/club/');
  assert.equal(second.at(), '/club/');
  await stack.assertUnsaid(secret, recovery, new URL(link).searchParams.get('token'));
});

test('the audit chain is whole', async () => {
  await stack.twinlock('audit', 'verify');
  await second.leave();
});
