import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The page for browsers, and the policy under which it runs. */
export interface LoadedPage {
  readonly html: string;
  /** Value of `content-security-policy`: this script and this style, and requests to where the page came from. */
  readonly policy: string;
}

/** In the order in which each finds what it uses. */
const scripts = ['texts.js', 'event-stream.js', 'answer-text.js', 'answer-card.js', 'page.js'];

/** Puts the page together from its sources: one file without anything from elsewhere. */
export function loadPage(): LoadedPage {
  const script = `'use strict';(() => {\n${scripts.map((name) => withoutModules(read(name))).join('\n')}})();`;
  const html = read('page.html')
    .replace('/*style*/', () => read('page.css'))
    .replace('/*script*/', () => script);
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(html, 'script')}`,
    `style-src ${hashOf(html, 'style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, policy };
}

function read(name: string): string {
  return readFileSync(new URL(`browser/${name}`, import.meta.url), 'utf8');
}

/** The scripts are modules for tests and tools; joined, they share one scope. */
function withoutModules(source: string): string {
  return source.replace(/^import .*;\n/gm, '').replace(/^export /gm, '');
}

/** Hash of what stands in the one element of a name, to the character. */
function hashOf(html: string, name: 'script' | 'style'): string {
  const text = html.slice(html.indexOf(`<${name}>`) + name.length + 2, html.lastIndexOf(`</${name}>`));
  return `'sha256-${hash('sha256', text, 'base64')}'`;
}
