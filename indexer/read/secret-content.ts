/** A private key in PEM form: its first line and enough of the key itself to be one, also inside a string literal. */
const pemKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----((?:[^-]|-(?!----)){0,2000})/g;
/** Base64 characters of a key; the shortest real ones (Ed25519) have 64. */
const minKeyCharacters = 60;
const puttyKey = /^PuTTY-User-Key-File-\d/;
/** A token itself, not a reference to a variable (`${NPM_TOKEN}`). */
const registryToken = /^[^#;\n]*_(?:authToken|auth|password)\s*=\s*["']?[A-Za-z0-9+/_=-]{6,}/m;

/** Why a text is a secret, '' if it is none. Code that only speaks of keys is none. */
export function secretContent(path: string, text: string): string {
  if (puttyKey.test(text)) return 'private key';
  if (path.endsWith('.npmrc') && registryToken.test(text)) return 'token of a package registry';
  if (!text.includes('PRIVATE KEY')) return '';
  for (const match of text.matchAll(pemKey)) {
    if (hasKeyMaterial(match[1] ?? '')) return `private key in line ${lineOf(text, match.index)}`;
  }
  return '';
}

/** Looks for lines of base64 behind the header, past headers such as `Proc-Type: 4,ENCRYPTED` and quotes. */
function hasKeyMaterial(body: string): boolean {
  const runs = body.replaceAll(/\\[rn]/g, '\n').match(/[A-Za-z0-9+/=]{20,}/g) ?? [];
  return runs.reduce((sum, run) => sum + run.length, 0) >= minKeyCharacters;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
