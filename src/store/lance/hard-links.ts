import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../core/errors.ts';

/**
 * Throws `store_failed` where a folder cannot be written or is on a file system without hard links (exFAT, some network and
 * FUSE mounts): LanceDB commits with them.
 */
export function testHardLinks(folder: string): void {
  const original = join(folder, '.link-test');
  const link = join(folder, '.link-test-2');
  const clean = (): void => {
    rmSync(original, { force: true });
    rmSync(link, { force: true });
  };
  clean();
  try {
    writeFileSync(original, '', { mode: 0o600 });
    linkSync(original, link);
  } catch (cause) {
    const message = `${folder} is on a file system without hard links or cannot be written. Choose another place with --data.`;
    throw new ServiceError('store_failed', message, { cause });
  } finally {
    clean();
  }
}
