// SPDX-License-Identifier: Apache-2.0
// What the browser tests share: a stack of their own (property_tests/support/stack.py), a person with a browser, a clock that
// moves by hand, codes from oathtool, the QR picture read back by zbarimg, mail from the real SMTP sink.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');
const support = path.join(root, 'property_tests/support');
const web = process.env.TWINLOCK_WEB ?? 'nginx';
const build = process.env.TWINLOCK_BUILD ?? path.join(root, 'build/dev');
const modules = process.env.TWINLOCK_PLAYWRIGHT ?? path.join(root, 'build/browser');
const { chromium } = createRequire(path.join(modules, 'package.json'))('playwright-core');
export const screenshots = path.join(root, web === 'nginx' ? 'build/screenshots' : `build/screenshots/${web}`);

const wait_ms_max = 15_000;

// ---- the stack

class Stack {
  #process;
  #lines;
  #offset_s = 0;

  constructor(process, lines, facts) {
    this.#process = process;
    this.#lines = lines;
    Object.assign(this, facts);
  }

  // Seconds since the epoch, as twinlockd sees it.
  now() {
    return Math.floor(Date.now() / 1000) + this.#offset_s;
  }

  // Moves twinlockd's clock; the browser's stays.
  async advance(seconds) {
    this.#offset_s += seconds;
    await writeFile(`${this.clock}.new`, `+${this.#offset_s}\n`);
    await rename(`${this.clock}.new`, this.clock);
  }

  // To the next time step, whose code no one has used yet.
  nextStep() {
    return this.advance(30);
  }

  async code(secret) {
    const { stdout } = await run('oathtool', ['--totp', '-b', secret, '--now', `@${this.now()}`]);
    return stdout.trim();
  }

  // A code that is right at none of the steps around now.
  async wrongCode(secret) {
    const near = await Promise.all([-60, -30, 0, 30, 60].map(async (s) => {
      const { stdout } = await run('oathtool', ['--totp', '-b', secret, '--now', `@${this.now() + s}`]);
      return stdout.trim();
    }));
    let guess = 123456;
    while (near.includes(String(guess))) guess += 1;
    return String(guess);
  }

  // The operator's command line; fails where it exits with anything but 0.
  async twinlock(...args) {
    const { stdout } = await run(path.join(this.bin, 'twinlock'), ['--config', this.config, ...args],
      { env: { ...process.env, ...this.environment } });
    return stdout;
  }

  async mails() {
    const { stdout } = await run('/usr/bin/python3', [path.join(support, 'mails.py'), this.mail]);
    return JSON.parse(stdout);
  }

  // The newest mail for which `wanted(mail)` holds, beyond the first `after` mails; waits for its delivery.
  async mailWhere(wanted, after = 0) {
    const deadline = Date.now() + wait_ms_max;
    for (;;) {
      const mails = await this.mails();
      const found = mails.slice(after).reverse().find(wanted);
      if (found) return found;
      assert.ok(Date.now() < deadline, `no such mail; there are: ${mails.map((m) => m.subject).join(' | ')}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  async mailedLink(after = 0) {
    const mail = await this.mailWhere((m) => m.text.includes('/2fa/recover/confirm?'), after);
    return /https?:\S+\/2fa\/recover\/confirm\?\S+/.exec(mail.text)[0];
  }

  // What no log may hold (K20), whatever ran before.
  async assertUnsaid(...secrets) {
    const logs = (await readdir(this.folder, { recursive: true })).filter((entry) => entry.endsWith('.log'));
    assert.ok(logs.length >= 2, `only these logs: ${logs.join(' ')}`);
    for (const name of logs) {
      const log = await readFile(path.join(this.folder, name), 'utf8');
      for (const secret of secrets) assert.ok(!log.includes(secret), `${name} holds a secret`);
    }
  }

  // For a stack that takes commands: returns when it is done.
  async command(line) {
    this.#process.stdin.write(`${line}\n`);
    assert.equal((await this.#lines.next()).value, 'done');
  }

  async stop() {
    const ended = new Promise((done) => this.#process.once('exit', done));
    this.#process.stdin.end();
    await ended;
  }
}

export const startStack = (...options) => startProgram(path.join(support, 'stack.py'), '--web', web, '--fake-clock', ...options);

export async function startProgram(program, ...options) {
  const process = spawn('/usr/bin/python3', [program, '--build', build, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  const { value, done } = await lines.next();
  if (done) throw new Error('the stack did not start');
  return new Stack(process, lines, JSON.parse(value));
}

// ---- the person

let browser;
export async function openBrowser() {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
}
export const closeBrowser = () => browser?.close();

// A fresh browser profile of one person. `signedIn: false`: without the password.
export async function person(stack, { name = 'demo', signedIn = true, script = true, locale = 'en-GB' } = {}) {
  const context = await browser.newContext({
    baseURL: stack.base_url,
    ignoreHTTPSErrors: true,
    javaScriptEnabled: script,
    locale,
    httpCredentials: signedIn ? { username: name, password: name } : undefined,
  });
  context.setDefaultTimeout(wait_ms_max);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (m) => { if (/Content Security Policy|Refused to/.test(m.text())) complaints.push(m.text()); });
  page.on('pageerror', (e) => complaints.push(String(e)));
  return new Person(stack, context, page, complaints);
}

const key_text = /^[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}$/;
const code_text = /\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){5}-[0-9A-HJKMNP-TV-Z]{2}[0-9A-Z*~$=]/;

class Person {
  constructor(stack, context, page, complaints) {
    Object.assign(this, { stack, context, page, complaints });
  }

  // Goes there and returns the status of the last answer.
  async visit(where) {
    const answer = await this.page.goto(where);
    return answer.status();
  }

  at() {
    const url = new URL(this.page.url());
    return url.pathname + url.search;
  }

  // `action` is below /2fa/, or a whole path.
  form(action) {
    return this.page.locator(`form[action="${action.startsWith('/') ? action : `/2fa/${action}`}"]`);
  }

  // Fills in a form of the page and sends it; returns the status of the page that it leads to.
  async submit(action, fields = {}) {
    const form = this.form(action).first();
    for (const [name, value] of Object.entries(fields)) await form.locator(`[name="${name}"]`).fill(value);
    const [answer] = await Promise.all([
      this.page.waitForResponse((r) => r.request().isNavigationRequest() && (r.status() < 300 || r.status() >= 400)),
      form.locator('button[type="submit"], button:not([type])').first().click(),
    ]);
    await this.page.waitForLoadState();
    return answer.status();
  }

  text() {
    return this.page.locator('body').innerText();
  }

  // The key for typing, from behind its fold.
  async keyText() {
    const shown = await this.page.locator('#key').textContent();
    assert.match(shown, key_text);
    return shown.replaceAll(' ', '');
  }

  async recoveryCode() {
    const found = code_text.exec(await this.text());
    assert.ok(found, 'the page shows no recovery code');
    return found[0];
  }

  async showsRecoveryCode() {
    return code_text.test(await this.text());
  }

  // What a phone's camera reads from the picture on the screen.
  async scannedUri() {
    const picture = path.join(this.stack.folder, 'qr.png');
    await this.page.locator('.qr').screenshot({ path: picture, scale: 'device' });
    const { stdout } = await run('zbarimg', ['--raw', '-q', picture]);
    return new URL(stdout.trim());
  }

  // Begins at the security page, proves the app with one code; returns the secret and the recovery code.
  async enroll({ from = '/2fa/', action = 'enroll', fields = {} } = {}) {
    await this.visit(from);
    await this.submit(action, fields);
    assert.match(this.at(), /^\/2fa\/enroll/);
    if (await this.page.locator('#key').count() === 0) await this.submit('enroll');
    const secret = await this.keyText();
    await this.stack.nextStep();
    assert.equal(await this.submit('enroll/confirm', { code: await this.stack.code(secret) }), 200);
    return { secret, recovery: await this.recoveryCode() };
  }

  async signIn(secret, where = '/club/') {
    await this.visit(where);
    assert.match(this.at(), /^\/2fa\/challenge/);
    await this.stack.nextStep();
    assert.equal(await this.submit('challenge', { code: await this.stack.code(secret) }), 200);
  }

  // Keeps how the page looks: 360 and 1280 pixels wide, light and dark.
  async shoot(name) {
    await mkdir(screenshots, { recursive: true });
    for (const width of [360, 1280]) {
      await this.page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ['light', 'dark']) {
        await this.page.emulateMedia({ colorScheme });
        const file = path.join(screenshots, `${name}_${width}_${colorScheme}.png`);
        await this.page.screenshot({ path: file, fullPage: true });
      }
    }
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      .catch(() => 0);
    assert.ok(wide <= 0, `${name} scrolls sideways`);
    await this.page.emulateMedia({ colorScheme: 'light' });
  }

  // Keeps how the page is printed.
  async shootPrint(name) {
    await this.page.emulateMedia({ media: 'print', colorScheme: 'light' });
    await this.page.screenshot({ path: path.join(screenshots, `${name}_print.png`), fullPage: true });
    await this.page.emulateMedia({ media: null, colorScheme: 'light' });
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.complaints, [], 'the browser complained');
  }
}
