import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';

/**
 * Says of a project-relative path whether it is none of Lorekeep's own data, where that lies inside the project: an index that
 * holds itself would never be current.
 */
export function outsideOwnData(root: string, dataFolder: string): (path: string) => boolean {
  const inside = relative(root, realPath(dataFolder)).split(sep).join('/');
  if (inside === '' || inside === '..' || inside.startsWith('../')) return () => true;
  return (path) => path !== inside && !path.startsWith(`${inside}/`);
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // It is not there yet, so nothing of it can be in a project.
    return folder;
  }
}
