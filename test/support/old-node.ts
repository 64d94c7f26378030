import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Command that starts a Node too old for Lorekeep: the machine's own where it has one, else this Node, told by a file in
 * `folder` to pass for an old one.
 */
export function oldNodeCommand(folder: string): readonly string[] {
  const installed = (process.env['PATH'] ?? '').split(delimiter).map((entry) => join(entry, 'node'));
  const old = installed.find((file) => existsSync(file) && majorVersion(file) < 22);
  if (old !== undefined) return [old];
  const disguise = join(folder, 'disguise.cjs');
  writeFileSync(
    disguise,
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } });\n",
  );
  return [process.execPath, '--require', disguise];
}

function majorVersion(node: string): number {
  return Number.parseInt(execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }), 10);
}
