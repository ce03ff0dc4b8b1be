// SPDX-License-Identifier: Apache-2.0
// Errors and warnings that a person must not miss, on a small phone: in view, in words, and where the next step is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { closeBrowser, openBrowser, person, startStack } from './support.mjs';

let stack, owner, secret, recovery;

before(async () => {
  stack = await startStack();
  await openBrowser();
  owner = await person(stack);
  await small(owner);
});
after(async () => {
  await owner?.leave();
  await closeBrowser();
  await stack?.stop();
});

const inView = (page, selector) => page.locator(selector).evaluate((e) => {
  const box = e.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
});
const focused = (page) => page.evaluate(() => document.activeElement.id);
const small = (who) => who.page.setViewportSize({ width: 360, height: 640 });  // shoot() leaves another size
const state = async () => JSON.parse(await stack.twinlock('show', 'demo', '--json')).state;

test('a wrong code at set-up is said in view, and its field has the focus', async () => {
  await owner.visit('/2fa/');
  await owner.submit('enroll');
  secret = await owner.keyText();
  assert.equal(await owner.submit('enroll/confirm', { code: await stack.wrongCode(secret) }), 422);
  assert.ok(await inView(owner.page, '#code-error'));
  assert.equal(await focused(owner.page), 'code');
  await owner.shoot('enroll_wrong_code_small');
  assert.equal(await owner.submit('enroll/confirm', { code: await stack.code(secret) }), 200);
  recovery = await owner.recoveryCode();
});

test('a misformed ticket is said in view, and its field has the focus', async () => {
  const other = await person(stack);
  await small(other);
  await other.visit('/club/');
  await other.page.getByText('I have a ticket from support').click();
  assert.equal(await other.submit('challenge', { code: '123456', ticket: 'abcd' }), 422);
  assert.ok(await inView(other.page, '#ticket-error'));
  assert.equal(await focused(other.page), 'ticket');
  await other.leave();
});

test('who did not begin a recovery sees it first on the Security page, and cancels it there', async () => {
  const thief = await person(stack);
  await thief.visit('/2fa/recover');
  const count = (await stack.mails()).length;
  assert.equal(await thief.submit('recover', { recovery_code: recovery }), 200);
  const link = await stack.mailedLink(count);
  await small(owner);
  await owner.visit('/2fa/');
  assert.ok(await inView(owner.page, '.alarm h2'));
  assert.match(await owner.text(), /At \d{4}-\d\d-\d\d \d\d:\d\d UTC the recovery code of this account was entered/);
  await owner.shoot('security_recovering');
  await owner.visit('/2fa/recovery-code');
  await owner.shoot('cancel_recovery');
  assert.equal(await focused(owner.page), 'code');
  await stack.nextStep();
  assert.equal(await owner.submit('recover/cancel', { code: await stack.code(secret) }), 200);
  await owner.shoot('recovery_cancelled');
  assert.equal(await state(), 'on');
  await thief.visit(link);
  assert.notEqual(await thief.submit('recover/confirm'), 200);
  assert.equal(await state(), 'on');
  await owner.page.getByRole('link', { name: 'Make a new recovery code' }).click();
  await owner.page.waitForURL('**/2fa/recovery-code');
  await thief.leave();
});
