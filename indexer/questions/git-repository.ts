import { spawn } from 'node:child_process';
import { ServiceError } from '../../src/core/errors.ts';

/** A commit as far as its subject and its paths go. */
export interface Commit {
  readonly hash: string;
  readonly subject: string;
  readonly paths: readonly string[];
}

/**
 * What holds for every call: nothing of a repository's own configuration starts a program (a signature check would), and
 * objects that a partial clone lacks are not fetched, since nothing leaves the machine.
 */
const always = ['--no-optional-locks', '-c', 'log.showSignature=false', '-c', 'protocol.allow=never'];
const plainPaths = ['-c', 'core.quotePath=false'];

/**
 * A folder of a checkout (or a bare clone) of a repository, read through git at one revision. Errors of all methods:
 * `source_unreadable` where git is missing or the folder is no repository, `aborted`.
 */
export class GitRepository {
  readonly #folder: string;
  readonly #revision: string;
  readonly #signal: AbortSignal | undefined;

  constructor(folder: string, revision: string, signal?: AbortSignal) {
    this.#folder = folder;
    this.#revision = revision;
    this.#signal = signal;
  }

  /** Paths and sizes of all regular files. */
  async files(): Promise<{ readonly path: string; readonly blob: string; readonly bytes: number }[]> {
    const listing = await this.#git(['ls-tree', '-r', '-l', '-z', this.#revision]);
    return listing
      .toString('utf8')
      .split('\0')
      .flatMap((row) => {
        const match = /^100\d{3} blob (\w+)\s+(\d+)\t([^]+)$/.exec(row);
        return match ? [{ blob: match[1] ?? '', bytes: Number(match[2]), path: match[3] ?? '' }] : [];
      });
  }

  /** Contents of blobs, in order. */
  async contents(blobs: readonly string[]): Promise<Buffer[]> {
    const output = await this.#git(['cat-file', '--batch'], `${blobs.join('\n')}\n`);
    const contents: Buffer[] = [];
    let at = 0;
    while (contents.length < blobs.length && at < output.length) {
      const lineEnd = output.indexOf(10, at);
      const size = Number(/ (\d+)$/.exec(output.toString('latin1', at, lineEnd))?.[1] ?? 0);
      contents.push(output.subarray(lineEnd + 1, lineEnd + 1 + size));
      at = lineEnd + size + 2;
    }
    return contents;
  }

  /** Newest commits without merges, with the paths below the folder that each touches, relative to the folder. */
  async commits(count: number): Promise<Commit[]> {
    const format = '--format=%x01%H%x02%s%x02';
    const paths = ['--name-only', '--no-renames', '--relative'];
    const log = await this.#git([
      ...plainPaths,
      'log',
      '--no-merges',
      ...paths,
      `-n${count}`,
      format,
      this.#revision,
      '--',
    ]);
    return log
      .toString('utf8')
      .split('\x01')
      .slice(1)
      .map((entry) => {
        const [hash = '', subject = '', names = ''] = entry.split('\x02');
        return { hash, subject, paths: names.split('\n').filter((name) => name !== '') };
      });
  }

  /** Patches of commits, one text each, in order; in a clone that lacks files those before the first that needs one. */
  async patches(hashes: readonly string[]): Promise<string[]> {
    const commands = ['diff-tree', '--stdin', '-r', '-p', '-U3', '--no-renames', '--no-color', '--root'];
    const output = await this.#git(commands, `${hashes.join('\n')}\n`, { partIsFine: true });
    return output
      .toString('utf8')
      .split(/^(?=[0-9a-f]{40}$)/m)
      .filter((part) => part !== '');
  }

  /** What git prints, given `input` to read; with `partIsFine` also what it printed before it failed. */
  #git(commands: readonly string[], input = '', { partIsFine = false } = {}): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const child = spawn('git', [...always, '-C', this.#folder, ...commands], {
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(this.#signal !== undefined && { signal: this.#signal }),
      });
      const parts: Buffer[] = [];
      const complaints: Buffer[] = [];
      child.stdout.on('data', (part: Buffer) => parts.push(part));
      child.stderr.on('data', (part: Buffer) => complaints.push(part));
      child.on('error', (cause) => reject(cause.name === 'AbortError' ? cause : noGit(cause)));
      child.on('close', (status) => {
        if (status === 0 || (partIsFine && parts.length > 0)) resolve(Buffer.concat(parts));
        else reject(this.#refused(Buffer.concat(complaints).toString('utf8')));
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });
  }

  #refused(complaint: string): ServiceError {
    const [first = ''] = complaint.split('\n');
    return new ServiceError('source_unreadable', `git cannot read the history of ${this.#folder}: ${first}`);
  }
}

function noGit(cause: Error): ServiceError {
  return new ServiceError('source_unreadable', 'git could not be started. Install it, or put it on the PATH.', {
    cause,
  });
}
