// SPDX-License-Identifier: Apache-2.0
// The main story without script and in German: nothing that matters hangs on either.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, openBrowser, person, startStack } from './support.mjs';

let stack;

before(async () => {
  stack = await startStack('--account', 'alice', '--account', 'bruno', '--account', 'carla');
  await openBrowser();
});
after(async () => {
  await closeBrowser();
  await stack?.stop();
});

test('without script: set up, sign in, recover', async () => {
  const alice = await person(stack, { name: 'alice', script: false });
  const { secret, recovery } = await alice.enroll();
  await alice.shoot('recovery_code_shown_without_script');
  const elsewhere = await person(stack, { name: 'alice', script: false });
  await elsewhere.signIn(secret, '/club/bookings.html?boat=dunlin');
  assert.equal(elsewhere.at(), '/club/bookings.html?boat=dunlin');
  await elsewhere.visit('/2fa/');
  await elsewhere.submit('sign-out');
  const count = (await stack.mails()).length;
  await elsewhere.visit('/2fa/recover');
  assert.equal(await elsewhere.submit('recover', { recovery_code: recovery }), 200);
  await elsewhere.visit(await stack.mailedLink(count));
  assert.equal(await elsewhere.submit('recover/confirm'), 200);
  await elsewhere.visit('/club/');
  assert.equal(elsewhere.at(), '/club/');
  await alice.leave();
  await elsewhere.leave();
});

test('in German, pages and mail', async () => {
  const bruno = await person(stack, { name: 'bruno', locale: 'de-DE' });
  await bruno.visit('/2fa/');
  assert.equal(await bruno.page.locator('html').getAttribute('lang'), 'de');
  await bruno.shoot('german_security_off');
  const { secret } = await bruno.enroll();
  await bruno.shoot('german_recovery_code_shown');
  const mail = await stack.mailWhere((m) => m.to.includes('bruno'));
  assert.match(mail.text, /Konto/);
  const fresh = await person(stack, { name: 'bruno', locale: 'de-DE' });
  await fresh.visit('/club/');
  await fresh.shoot('german_challenge');
  assert.equal(await fresh.submit('challenge', { code: await stack.wrongCode(secret) }), 422);
  await fresh.shoot('german_challenge_wrong_code');
  await bruno.leave();
  await fresh.leave();
});

test('two accounts share a browser', async () => {
  const shared = await person(stack, { name: 'carla', signedIn: false });
  const be = (name) => shared.context.setExtraHTTPHeaders({
    authorization: `Basic ${Buffer.from(`${name}:${name}`).toString('base64')}`,
  });
  for (const name of ['carla', 'alice']) {
    await be(name);
    await shared.enroll();
  }
  for (const name of ['carla', 'alice']) {
    await be(name);
    await shared.visit('/club/');
    assert.equal(shared.at(), '/club/');
  }
  await shared.leave();
});

test('five wrong codes make the browser wait, and the answer says how long', async () => {
  const fresh = await person(stack, { name: 'carla' });
  await fresh.visit('/club/');
  for (let i = 0; i < 5; i += 1) assert.equal(await fresh.submit('challenge', { code: `00000${i}` }), 422);
  const refused = fresh.page.waitForResponse((r) => r.status() === 429);
  assert.equal(await fresh.submit('challenge', { code: '000009' }), 429);
  assert.ok(Number((await refused).headers()['retry-after']) > 0);
  await fresh.shoot('challenge_waiting');
  await fresh.leave();
});
