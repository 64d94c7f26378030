import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Random } from '../changes/random.ts';

const ownRoot = fileURLToPath(new URL('../../..', import.meta.url));
const mostLines = 500;
const fewestLines = 12;
const piece = 8;

/** What is done how often. */
const kinds: readonly (readonly [
  keyof SoakProject & ('edit' | 'create' | 'remove' | 'rename' | 'renameFolder'),
  number,
])[] = [
  ['edit', 62],
  ['create', 13],
  ['remove', 12],
  ['rename', 12],
  ['renameFolder', 1],
];

/** A project of real code, copied from this one, that changes at random and stays about as large as it was. There are no links in it. */
export class SoakProject {
  readonly root: string;
  readonly #random: Random;
  readonly #sources: readonly (readonly string[])[];
  readonly #paths: string[];
  readonly #firstCount: number;
  #made = 0;

  /** In an empty folder, whose path has no link in it. */
  constructor(root: string, random: Random) {
    this.root = root;
    this.#random = random;
    this.#paths = fs.globSync('{src,indexer,grammars}/**/*.{ts,md}', { cwd: ownRoot }).toSorted();
    this.#sources = this.#paths.map((path) => fs.readFileSync(join(ownRoot, path), 'utf8').split('\n'));
    this.#firstCount = this.#paths.length;
    this.#paths.forEach((path, at) => this.#write(path, this.#sources[at]!));
  }

  /** Files that are there now, by project-relative paths. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** Names that the code defines. */
  get definedNames(): readonly string[] {
    const text = this.#sources.map((lines) => lines.join('\n')).join('\n');
    return [...new Set(Array.from(text.matchAll(/\b(?:function|class|interface) (\w+)/g), ([, name]) => name!))];
  }

  /** Does one thing. */
  change(): void {
    // As many come as go, in the long run.
    if (this.#paths.length < 0.9 * this.#firstCount) return this.create();
    if (this.#paths.length > 1.1 * this.#firstCount) return this.remove();
    let dice = this.#random.below(kinds.reduce((sum, [, weight]) => sum + weight, 0));
    const kind = kinds.find(([, weight]) => (dice -= weight) < 0)?.[0] ?? 'edit';
    this[kind]();
  }

  /** Some lines come, go or are replaced; saved by a rename, or in place. Returns the path. */
  edit(): string {
    const path = this.#random.pick(this.#paths);
    const lines = fs.readFileSync(this.#at(path), 'utf8').split('\n');
    const removed = lines.length > mostLines ? mostLines / 2 : this.#random.below(piece);
    const keeps = lines.length < fewestLines || this.#random.chance(0.3);
    const place = this.#random.below(lines.length);
    lines.splice(place, keeps ? 0 : removed, ...this.#someLines());
    if (this.#random.chance(0.5)) this.#write(path, lines);
    else {
      const beside = `${path}.saved~`;
      this.#write(beside, lines);
      fs.renameSync(this.#at(beside), this.#at(path));
    }
    return path;
  }

  create(): void {
    const like = this.#random.pick(this.#paths);
    const path = join(dirname(like), `made-${++this.#made}.ts`);
    this.#write(path, [...this.#random.pick(this.#sources), ...this.#someLines()]);
    this.#paths.push(path);
  }

  remove(): void {
    const path = this.#random.pick(this.#paths);
    fs.rmSync(this.#at(path));
    this.#paths.splice(this.#paths.indexOf(path), 1);
  }

  rename(): void {
    const path = this.#random.pick(this.#paths);
    const folder = dirname(this.#random.pick(this.#paths));
    const to = join(folder, basename(path).replace(/(?:-\d+)?(\.\w+)$/, `-${++this.#made}$1`));
    fs.renameSync(this.#at(path), this.#at(to));
    this.#paths[this.#paths.indexOf(path)] = to;
  }

  /** A folder with no others in it. */
  renameFolder(): void {
    const folders = new Set(this.#paths.map((path) => dirname(path)));
    const leaves = [...folders].filter(
      (one) => one.includes('/') && ![...folders].some((other) => other.startsWith(`${one}/`)),
    );
    const folder = this.#random.pick(leaves.toSorted());
    const to = `${folder.replace(/-\d+$/, '')}-${++this.#made}`;
    fs.renameSync(this.#at(folder), this.#at(to));
    this.#paths.forEach((path, at) => {
      if (dirname(path) === folder) this.#paths[at] = join(to, basename(path));
    });
  }

  #someLines(): readonly string[] {
    const lines = this.#random.pick(this.#sources);
    const start = this.#random.below(lines.length);
    return lines.slice(start, start + 1 + this.#random.below(piece));
  }

  #write(path: string, lines: readonly string[]): void {
    fs.mkdirSync(join(this.root, dirname(path)), { recursive: true });
    fs.writeFileSync(this.#at(path), lines.join('\n'));
  }

  /** The absolute path; nothing outside of the project is ever touched. */
  #at(path: string): string {
    const absolute = join(this.root, path);
    const folder = dirname(absolute);
    if (fs.realpathSync(folder) !== folder) throw new Error(`${folder} is behind a link`);
    return absolute;
  }
}
