import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { platformHeaders } from '../answer.js';
import { freshFolder, startFirst, type ApiProcess } from '../api-process.js';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Starts as root and in a container, and calls nobody. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Gives the browser a session. */
  readonly enter: (userId: string, password: string) => Promise<void>;
  /** The same, and waits for the tokens. */
  readonly logIn: (userId: string, password: string) => Promise<void>;
}

export interface Stage {
  readonly api: ApiProcess;
  /** The address of its database. */
  readonly database: string;
  /** Somebody's browser: with its own cookies. Everything that its console complains of fails the test. */
  visit(options?: BrowserContextOptions): Promise<Visit>;
  /** The console is allowed to complain of this. */
  expectComplaint(complaint: RegExp): void;
  /** Calls the API as the admin and gives the data of its answer. */
  asAdmin(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Tests of the real API in a real browser. Where there is none they are left out, and loudly; never in CI. */
export function inBrowser(title: string, tests: (stage: Stage) => void): void {
  const present = existsSync(CHROMIUM);
  if (!present && process.env['CI']) throw new Error(`${CHROMIUM} is missing: apt-get install chromium`);
  if (!present)
    process.stderr.write(
      `\n!!! NOT TESTED: ${title}. There is no ${CHROMIUM}: apt-get install chromium, or set CHROMIUM_PATH.\n\n`,
    );
  (present ? describe : describe.skip)(title, () => tests(stage()));
}

function stage(): Stage {
  const folder = freshFolder();
  const complaints: string[] = [];
  const expected: RegExp[] = [];
  let api: Awaited<ReturnType<typeof startFirst>>;
  let browser: Browser;

  beforeAll(async () => {
    [api, browser] = await Promise.all([
      startFirst({ cwd: folder.cwd }),
      chromium.launch({
        executablePath: CHROMIUM,
        args: ARGUMENTS,
        // Pages are revived by "back" as they are for everybody.
        ignoreDefaultArgs: ['--disable-back-forward-cache'],
      }),
    ]);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await api.stop();
    folder.remove();
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    const unexpected = complaints.splice(0).filter((told) => !expected.some((pattern) => pattern.test(told)));
    expected.length = 0;
    expect(unexpected).toEqual([]);
  });

  return {
    get api() {
      return api;
    },
    database: `sqlite:${join(folder.cwd, 'data', 'claviger.db')}`,
    expectComplaint: (complaint) => void expected.push(complaint),
    visit: async (options) => {
      const context = await browser.newContext({ baseURL: api.address, locale: 'en-US', ...options });
      context.setDefaultTimeout(10_000);
      const page = await context.newPage();
      watch(page, complaints);
      const enter: Visit['enter'] = async (userId, password) => {
        // Quicker than the page, which has tests of its own.
        const answer = await context.request.post('/auth/api/user/login', { data: { userId, password } });
        if (!answer.ok()) throw new Error(`${userId} cannot log in: ${answer.status()}`);
      };
      const logIn: Visit['logIn'] = async (userId, password) => {
        await enter(userId, password);
        await page.goto('/tokens');
        await page.waitForSelector('#sessions tbody tr');
      };
      return { context, page, enter, logIn };
    },
    asAdmin: async (method, path, body) => {
      const answer = await api.call(method, path, { as: platformHeaders(api.system, 'admin'), body });
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status}`);
      return answer.body.data;
    },
  };
}

function watch(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text());
  });
}
