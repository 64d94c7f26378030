import { hostname } from 'node:os';
import { isWildcard } from '../../../http/admission/hosts.ts';

/** Addresses to give to clients, by what they are for. */
export interface Addresses {
  readonly ollama: string;
  readonly openai: string;
  readonly anthropic: string;
  /** For a browser; the key stands behind `#`, which browsers send to nobody. */
  readonly page: string;
  /** For clients that cannot send a key: it stands in the path. */
  readonly keyInPath: string | null;
}

/** The addresses of a service. `key` is null where none is needed, or it is not known. */
export function addressesOf(url: string, key: string | null): Addresses {
  const { hostname: listens } = new URL(url);
  const base = isWildcard(listens) ? url.replace(listens, hostname()) : url;
  return {
    ollama: base,
    openai: `${base}/v1`,
    anthropic: base,
    page: key === null ? `${base}/` : `${base}/#key=${key}`,
    keyInPath: key === null ? null : `${base}/k/${key}`,
  };
}

/** The lines that are printed when the service listens. */
export function addressLines(addresses: Addresses, key: string | null): readonly string[] {
  const { ollama, openai, anthropic, page, keyInPath } = addresses;
  const rows: readonly (readonly [string, string])[] = [
    ['Ollama clients', ollama],
    ['OpenAI clients', openai],
    ['Anthropic clients', anthropic],
    ['In a browser', page],
    ...(key === null ? [] : ([['Key', key]] as const)),
    ...(keyInPath === null
      ? []
      : ([['Without a field for a key', `${keyInPath} (OpenAI clients: ${keyInPath}/v1)`]] as const)),
  ];
  const widest = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(widest)}  ${value}`);
}
