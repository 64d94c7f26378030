import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Bytes of a package as it lies in `node_modules`, packages nested in it counted apart. */
export interface PackageSize {
  readonly name: string;
  readonly bytes: number;
}

/** Sizes of all packages below a folder that npm installed into, largest first. */
export function installedSizes(folder: string): readonly PackageSize[] {
  const inModules = globSync('**/node_modules/{*,@*/*}/package.json', { cwd: folder });
  const roots = inModules.map((file) => dirname(file)).filter((root) => !root.includes(`${sep}dist${sep}`));
  return roots
    .map((root) => ({ name: packageName(join(folder, root)), bytes: ownBytes(join(folder, root)) }))
    .toSorted((left, right) => right.bytes - left.bytes);
}

/** The sizes as lines of a table: the large packages, the rest in one line, the sum. */
export function sizeTable(sizes: readonly PackageSize[]): string {
  const large = sizes.filter(({ bytes }) => bytes >= 1e6);
  const rest = sizes.slice(large.length);
  const row = (name: string, bytes: number): string => `${(bytes / 1e6).toFixed(1).padStart(7)} MB  ${name}`;
  const sum = (rows: readonly PackageSize[]): number => rows.reduce((total, { bytes }) => total + bytes, 0);
  return [
    ...large.map(({ name, bytes }) => row(name, bytes)),
    row(`${rest.length} smaller packages`, sum(rest)),
    row('in all', sum(sizes)),
  ].join('\n');
}

function packageName(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string }).name;
}

/** Bytes of all files of a package, without those of the packages in its own `node_modules`. */
function ownBytes(root: string): number {
  const nested = join(root, 'node_modules') + sep;
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((file) => !file.startsWith(nested));
  return paths.reduce((sum, file) => sum + statSync(file).size, 0);
}
