import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Writes files into a new folder under the system's temporary one; the folder's real path. */
export function fileTree(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lorekeep-tree-')));
  addFiles(root, files);
  return root;
}

/** Writes files below a folder. A path that ends in a slash is an empty folder. */
export function addFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const absolute = join(root, path);
    mkdirSync(path.endsWith('/') ? absolute : dirname(absolute), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(absolute, text);
  }
}

/** What makes a folder a repository to git, with nothing in it. */
export function emptyRepository(folder = ''): Readonly<Record<string, string>> {
  const at = folder === '' ? '.git' : `${folder}/.git`;
  return {
    [`${at}/HEAD`]: 'ref: refs/heads/main\n',
    [`${at}/objects/`]: '',
    [`${at}/refs/`]: '',
    [`${at}/config`]: '[core]\nrepositoryformatversion = 0\nbare = false\n',
  };
}
