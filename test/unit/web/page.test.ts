import { hash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { loadPage } from '../../../src/web/page.ts';

/** The modules of the page are JavaScript, loaded by a path that types do not follow. */
async function pageModule(name: string) {
  return (await import(new URL(`../../../src/web/browser/${name}`, import.meta.url).href)) as Record<
    string,
    (...given: unknown[]) => unknown
  >;
}

const { html, policy } = loadPage();

function inside(name: string): string {
  return new RegExp(`<${name}>(.*)</${name}>`, 's').exec(html)?.[1] ?? '';
}

describe('the page', () => {
  test('may run its own script and style only', () => {
    for (const name of ['script', 'style'])
      expect(policy).toContain(`${name}-src 'sha256-${hash('sha256', inside(name), 'base64')}'`);
    expect(policy).not.toContain('unsafe');
    expect(policy).toMatch(/^default-src 'none'/);
  });

  test('takes nothing from elsewhere', () => {
    expect(html).not.toMatch(/\s(src|href)="(?!data:|#)/);
    expect(inside('style')).not.toMatch(/url\(|@import/);
    expect(html).not.toMatch(/\sstyle="|\son\w+="/);
  });

  test('builds nothing from markup', () => {
    expect(inside('script')).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b/);
  });

  test('is one script that can be read', () => {
    const script = inside('script');
    expect(script).not.toMatch(/^\s*(import|export) /m);
    expect(() => new Script(script)).not.toThrow();
    expect(script.length + inside('style').length).toBeLessThan(60_000);
  });

  test('finds every element and text that its script names', async () => {
    const ids = [...inside('script').matchAll(/byId\('([\w-]+)'\)/g)].map(([, id]) => id!);
    expect(ids.length).toBeGreaterThan(10);
    for (const id of ids) expect(html).toContain(`id="${id}"`);
    const { speaker } = await pageModule('texts.js');
    const names = [...html.matchAll(/data-text="(\w+)"|\bsay\('(\w+)'/g)].map(
      ([, attribute, call]) => attribute ?? call,
    );
    for (const language of ['en', 'zh']) {
      const { say } = speaker!([language]) as { say: (name: string | undefined) => string };
      for (const name of names) expect([name, say(name)]).toEqual([name, expect.stringMatching(/./)]);
    }
  });
});

test.each([
  [['zh-CN', 'en'], 'zh-CN', '提问'],
  [['fr', 'zh'], 'zh-CN', '提问'],
  [['en-GB', 'zh'], 'en', 'Ask'],
  [['fr-FR'], 'en', 'Ask'],
  [[], 'en', 'Ask'],
])('languages %j are answered in %s', async (languages, language, askButton) => {
  const { speaker } = await pageModule('texts.js');
  const spoken = speaker!(languages) as { language: string; say: (name: string, ...values: unknown[]) => string };
  expect([spoken.language, spoken.say('askButton')]).toEqual([language, askButton]);
  expect(spoken.say('size', 5, '1,234')).toMatch(/5.*1,234/);
});

test('events are read however their text is cut', async () => {
  const { eventReader } = await pageModule('event-stream.js');
  const stream =
    ': still here\n\nevent: text\ndata: {"text":"a: \\n\\nb"}\n\n: still here\n\nevent: answer\ndata: {"n":1}\n\n';
  for (let size = 1; size <= stream.length; size += 1) {
    const events: unknown[] = [];
    const read = eventReader!((event: string, data: unknown) => events.push([event, data])) as (text: string) => void;
    for (let start = 0; start < stream.length; start += size) read(stream.slice(start, start + size));
    expect(events).toEqual([
      ['text', { text: 'a: \n\nb' }],
      ['answer', { n: 1 }],
    ]);
  }
});
