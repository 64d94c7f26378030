import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadPage } from '../../src/web/page.ts';
import { callerOf, fakeGatekeeper, testKey } from '../support/fake-gateway.ts';
import { serveParts } from '../support/http-server.ts';

const hasBrowser = spawnSync('chromium', ['--version']).status === 0;

/** What a browser shows at an address once its scripts have run. */
async function shown(url: string, language = 'en-US'): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), 'lorekeep-browser-'));
  onTestFinished(() => rmSync(profile, { recursive: true, force: true }));
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${profile}`,
    `--accept-lang=${language}`,
  ];
  const { stdout } = await promisify(execFile)('chromium', [
    ...options,
    '--virtual-time-budget=4000',
    '--dump-dom',
    url,
  ]);
  return stdout.replace(/<script>.*<\/script>/s, '');
}

/** Whether an element of the page is there to be seen. */
function isVisible(page: string, id: string): boolean {
  return !new RegExp(`id="${id}"[^>]*\\shidden`).test(page);
}

describe.runIf(hasBrowser)('in a browser, the page', () => {
  test('shows what is running where no key is needed', async () => {
    const gatekeeper = fakeGatekeeper({ keyless: callerOf() });
    const { url } = await serveParts({ gatekeeper }, { page: loadPage(), allowAnonymous: true });
    const page = await shown(url);
    expect([isVisible(page, 'content'), isVisible(page, 'key-form')]).toEqual([true, false]);
    for (const text of ['all is well', '/code/shop', '2 files, 5 chunks', 'deepseek-coder:6.7b answers.'])
      expect(page).toContain(text);
  });

  test('asks for a key where one is needed, and takes it from the address', async () => {
    const { url } = await serveParts({}, { page: loadPage() });
    const without = await shown(url);
    expect([isVisible(without, 'content'), isVisible(without, 'key-form')]).toEqual([false, true]);
    expect(without).not.toContain('/code/shop');
    for (const address of [`${url}/#key=${testKey}`, `${url}/k/${testKey}/`, `${url}/k/${testKey}`])
      expect(await shown(address)).toContain('/code/shop');
    expect(await shown(`${url}/#key=wrong`)).toContain('This key is not valid.');
  });

  test('speaks the language of the browser', async () => {
    const gatekeeper = fakeGatekeeper({ keyless: callerOf() });
    const { url } = await serveParts({ gatekeeper }, { page: loadPage(), allowAnonymous: true });
    const page = await shown(url, 'zh-CN');
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('一切正常');
  });
});
