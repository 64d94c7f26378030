import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ResolvedConfig } from '../../../config.ts';
import { ServiceError } from '../../../core/errors.ts';
import { isLoopback } from '../../../http/admission/hosts.ts';
import type { TlsFiles } from '../../../http/server.ts';

/** Where to listen, and to which names to answer. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly hosts: readonly string[];
  readonly tls: TlsFiles | null;
}

/** The port of an Ollama that was not moved; its clients look there first. */
const ollamaPort = 11_434;

/** Reads from the configuration where to listen. Errors: `config_invalid`. */
export function listenOptions({ values, origins }: ResolvedConfig): ListenOptions {
  const { listenHost: host, serverNames } = values;
  const ollama = URL.canParse(values.modelUrl) ? new URL(values.modelUrl) : null;
  const isMoved = ollama !== null && origins.modelUrl !== 'default' && portOf(ollama) !== ollamaPort;
  const takesOver = origins.listenPort === 'default' && isMoved;
  const port = takesOver ? ollamaPort : values.listenPort;
  if (ollama !== null && isLoopback(ollama.hostname) && portOf(ollama) === port) throw asksItself(values.modelUrl);
  return {
    host,
    port,
    hosts: isLoopback(host) ? serverNames : [...serverNames, hostname()],
    tls: tlsFiles(values.tlsCert, values.tlsKey),
  };
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function asksItself(modelUrl: string): ServiceError {
  const message = `modelUrl is ${modelUrl}, where this service is to listen: it would ask itself. Choose another --port, or correct modelUrl.`;
  return new ServiceError('config_invalid', message);
}

function tlsFiles(certFile: string, keyFile: string): TlsFiles | null {
  if (certFile === '' && keyFile === '') return null;
  if (certFile === '' || keyFile === '')
    throw new ServiceError('config_invalid', 'TLS needs both files: give --tls-cert and --tls-key.');
  return { cert: pem(certFile), key: pem(keyFile) };
}

function pem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ServiceError('config_invalid', `${file} cannot be read (${code}). Check its path and its permissions.`, {
      cause,
    });
  }
}
