import { spawn, spawnSync } from 'node:child_process';

const maxOutput = 2 ** 30;

/** A checkout (or a bare clone) of a repository, read through git at one revision. */
export class GitRepository {
  readonly #folder: string;
  readonly #revision: string;

  constructor(folder: string, revision: string) {
    this.#folder = folder;
    this.#revision = revision;
  }

  /** Paths and sizes of all regular files. */
  files(): { readonly path: string; readonly blob: string; readonly bytes: number }[] {
    const listing = this.#git(['ls-tree', '-r', '-l', '-z', this.#revision]);
    return listing.split('\0').flatMap((row) => {
      const match = /^100\d{3} blob (\w+)\s+(\d+)\t([^]+)$/.exec(row);
      return match ? [{ blob: match[1] ?? '', bytes: Number(match[2]), path: match[3] ?? '' }] : [];
    });
  }

  /** Contents of blobs, in order. */
  async contents(blobs: readonly string[]): Promise<Buffer[]> {
    const output = await this.#pipe(['cat-file', '--batch'], `${blobs.join('\n')}\n`);
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

  /** Newest commits without merges: hash, subject and the paths each touches. */
  commits(count: number): { readonly hash: string; readonly subject: string; readonly paths: readonly string[] }[] {
    const format = '--format=%x01%H%x02%s%x02';
    const log = this.#git(['log', '--no-merges', '--no-renames', '--name-only', `-n${count}`, format, this.#revision]);
    return log
      .split('\x01')
      .slice(1)
      .map((entry) => {
        const [hash = '', subject = '', names = ''] = entry.split('\x02');
        return { hash, subject, paths: names.split('\n').filter((name) => name !== '') };
      });
  }

  /** Patches of commits, one text each, in order. */
  async patches(hashes: readonly string[]): Promise<string[]> {
    const commands = ['diff-tree', '--stdin', '-r', '-p', '-U3', '--no-renames', '--no-color', '--root'];
    const output = await this.#pipe(commands, `${hashes.join('\n')}\n`);
    return output
      .toString('utf8')
      .split(/^(?=[0-9a-f]{40}$)/m)
      .filter((part) => part !== '');
  }

  #git(commands: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('git', ['-C', this.#folder, ...commands], {
      encoding: 'utf8',
      maxBuffer: maxOutput,
    });
    if (status !== 0) throw new Error(`git ${commands[0]} in ${this.#folder}: ${stderr}`);
    return stdout;
  }

  #pipe(commands: readonly string[], input: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const child = spawn('git', ['-C', this.#folder, ...commands], { stdio: ['pipe', 'pipe', 'ignore'] });
      const parts: Buffer[] = [];
      child.stdout.on('data', (part: Buffer) => parts.push(part));
      child.on('error', reject);
      child.on('close', () => resolve(Buffer.concat(parts)));
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });
  }
}
