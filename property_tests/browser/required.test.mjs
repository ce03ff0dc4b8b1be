// SPDX-License-Identifier: Apache-2.0
// The story where policy requires a second factor: nobody passes without one, and a loss leads to setting up anew.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, openBrowser, person, startStack } from './support.mjs';

let stack, owner, secret, recovery;

before(async () => {
  stack = await startStack('--required');
  await openBrowser();
  owner = await person(stack);
});
after(async () => {
  await owner?.leave();
  await closeBrowser();
  await stack?.stop();
});

const state = async () => JSON.parse(await stack.twinlock('show', 'demo', '--json')).state;

test('whoever has none is led to setting it up', async () => {
  await owner.visit('/club/');
  assert.match(owner.at(), /^\/2fa\/enroll/);
  await owner.shoot('enroll_required');
});

test('and passes after it', async () => {
  ({ secret, recovery } = await owner.enroll({ from: '/club/' }));
  assert.equal(await owner.visit('/club/crew.html'), 200);
  assert.equal(owner.at(), '/club/crew.html');
});

test('in German on a small phone the switch stays in its track', async () => {
  const german = await person(stack, { locale: 'de-DE' });
  await german.visit('/club/');
  await stack.nextStep();
  assert.equal(await german.submit('challenge', { code: await stack.code(secret) }), 200);
  await german.page.setViewportSize({ width: 360, height: 640 });
  await german.visit('/2fa/');
  const [track, knob] = await german.page.locator('.switch').evaluate((e) => [e, e.firstElementChild].map((each) => {
    const { left, right } = each.getBoundingClientRect();
    return { left, right };
  }));
  assert.ok(knob.left >= track.left && knob.right <= track.right, JSON.stringify({ track, knob }));
  await german.leave();
});

test('it cannot be turned off', async () => {
  assert.ok([200, 403].includes(await owner.visit('/2fa/disable')));
  if (await owner.form('disable').count()) {
    await stack.nextStep();
    assert.equal(await owner.submit('disable', { code: await stack.code(secret) }), 403);
  }
  assert.equal(await state(), 'on');
  await owner.visit('/2fa/');
  await owner.shoot('security_on_required');
});

test('after a loss: recovering, replacing, and enrolled with the grant', async () => {
  const lost = await person(stack);
  const count = (await stack.mails()).length;
  await lost.visit('/2fa/recover');
  assert.equal(await lost.submit('recover', { recovery_code: recovery }), 200);
  assert.equal(await state(), 'recovering');
  await lost.visit(await stack.mailedLink(count));
  assert.equal(await lost.submit('recover/confirm'), 200);
  await lost.shoot('recovered_required');
  assert.equal(await state(), 'replacing');

  // Old passes are dead, and a browser without the grant only learns how to go on.
  await owner.visit('/club/');
  assert.match(owner.at(), /^\/2fa\/challenge/);
  await owner.shoot('replacing');

  const old = secret;
  ({ secret, recovery } = await lost.enroll({ from: '/club/' }));
  assert.notEqual(secret, old);
  assert.equal(await state(), 'on');
  assert.equal(await lost.visit('/club/'), 200);
  assert.equal(lost.at(), '/club/');
  await lost.leave();
});

test('the operator resets, and hands out a grant that is typed in', async () => {
  const handed = await stack.twinlock('reset', 'demo', '--operator', 'ines', '--reason', 'phone and recovery code lost');
  const grant = /[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-Z*~$=]{3,4}){6}/.exec(handed);
  assert.ok(grant, 'reset prints a grant');
  assert.equal(await state(), 'replacing');
  await owner.visit('/club/');
  await owner.shoot('replacing_grant');
  const field = owner.page.locator('form [name="grant"]');
  assert.equal(await field.count(), 1);
  await field.fill('0000-0000-0000-0000-0000-0000-000');
  await Promise.all([owner.page.waitForNavigation(), field.press('Enter')]);
  assert.equal(await state(), 'replacing');
  await owner.visit('/club/');
  await field.fill(grant[0].toLowerCase());
  await Promise.all([owner.page.waitForURL(/\/2fa\/enroll/), field.press('Enter')]);
  secret = await owner.keyText();
  await stack.nextStep();
  assert.equal(await owner.submit('enroll/confirm', { code: await stack.code(secret) }), 200);
  assert.equal(await state(), 'on');
  await stack.mailWhere((m) => /reset/.test(m.subject));
  await stack.assertUnsaid(secret, grant[0]);
});

test('the audit chain is whole', async () => {
  await stack.twinlock('audit', 'verify');
});
