import { readFile, realpath } from 'node:fs/promises';

/** What matters of the file system that a folder lies on. */
export interface FileSystemKind {
  /** As people call it: `ext4`, `NFS`, `sshfs (FUSE)`; `unknown` where nothing is known. */
  readonly name: string;
  /** Its files lie on another computer, which others may write to and which may be out of reach. */
  readonly isNetwork: boolean;
  /** Every change of a file is told to who watches it, whoever made it. */
  readonly reportsChanges: boolean;
}

/** What Linux calls a kind in the list of mounts → what it is. Kinds that are not named here are local. */
const kindsByType: ReadonlyMap<string, FileSystemKind> = new Map([
  ...elsewhere('NFS', ['nfs', 'nfs4']),
  ...elsewhere('SMB', ['cifs', 'smb', 'smb2', 'smb3', 'smbfs', 'ncpfs']),
  ...elsewhere('a network file system', ['afs', 'coda', 'ceph', 'glusterfs', 'lustre', 'gfs', 'gfs2', 'ocfs2', 'gpfs']),
  ...elsewhere('a network file system', ['beegfs', 'orangefs', 'pvfs2', 'davfs', 'davfs2', 'fuse.davfs2']),
  ...elsewhere('sshfs (FUSE)', ['fuse.sshfs', 'sshfs']),
  ...elsewhere('rclone (FUSE)', ['fuse.rclone']),
  ...elsewhere('s3fs (FUSE)', ['fuse.s3fs', 'fuse.goofys', 'fuse.mountpoint-s3', 'fuse.gcsfuse', 'fuse.blobfuse2']),
  ...elsewhere('GlusterFS (FUSE)', ['fuse.glusterfs', 'fuse.ceph', 'fuse.ceph-fuse', 'fuse.mfs', 'fuse.juicefs']),
  // The other side is the computer that this one runs on: near, but its own programs' changes are not told.
  ...shared('a Windows drive (drvfs)', ['drvfs', 'wslfs']),
  ...shared('a shared folder of VirtualBox', ['vboxsf']),
  ...shared('a shared folder of VMware', ['vmhgfs', 'fuse.vmhgfs-fuse']),
  ...shared('a shared folder of Parallels', ['prl_fs', 'fuse.prl_fsd']),
  ...shared('a folder of the host (9p)', ['9p']),
  ...shared('a folder of the host (virtiofs)', ['virtiofs']),
  ...shared('a folder of the host (FUSE)', ['fuse.grpcfuse', 'fuse.osxfs', 'osxfs', 'fakeowner']),
  // File systems in a program of this computer that everyone goes through: the kernel sees each change.
  ...local('NTFS (FUSE)', ['fuseblk', 'fuse.ntfs-3g', 'fuse.exfat']),
  ...local('gocryptfs (FUSE)', ['fuse.gocryptfs', 'fuse.cryfs', 'fuse.encfs', 'fuse.securefs', 'fuse.veracrypt']),
  ...local('mergerfs (FUSE)', ['fuse.mergerfs', 'fuse.unionfs', 'fuse.unionfs-fuse', 'fuse.fuse-overlayfs']),
]);

/** A file system in a program that is not named above: nobody knows. */
const unknownFuse = { isNetwork: false, reportsChanges: false };

/**
 * The kind of file system that a folder lies on. Linux says; elsewhere only a network path of Windows is recognised. Does
 * not throw: what cannot be asked is `unknown`, and taken for local.
 */
export async function fileSystemKind(folder: string): Promise<FileSystemKind> {
  if (folder.startsWith('\\\\')) return { name: 'SMB', isNetwork: true, reportsChanges: false };
  if (process.platform !== 'linux') return kindOfType(null);
  try {
    const mounts = await readFile('/proc/self/mountinfo', 'latin1');
    return kindOfType(typeInMounts(mounts, await realpath(folder)));
  } catch {
    return kindOfType(null);
  }
}

/** The kind that Linux calls `type`; `unknown` for null. */
export function kindOfType(type: string | null): FileSystemKind {
  if (type === null) return { name: 'unknown', isNetwork: false, reportsChanges: true };
  const known = kindsByType.get(type);
  if (known !== undefined) return known;
  const isFuse = type === 'fuse' || type.startsWith('fuse.');
  return isFuse
    ? { name: `${type.slice('fuse.'.length) || 'a program'} (FUSE)`, ...unknownFuse }
    : { name: type, isNetwork: false, reportsChanges: true };
}

/** The type of the mount that a real path lies on, in the text of `/proc/self/mountinfo`; null where there is none. */
export function typeInMounts(mounts: string, path: string): string | null {
  let best = { length: -1, type: null as string | null };
  for (const line of mounts.split('\n')) {
    const [before, after] = line.split(' - ');
    const point = unescaped(before?.split(' ')[4] ?? '');
    const isAbove = point === '/' || path === point || path.startsWith(`${point}/`);
    // Of mounts on the same point the last one counts.
    if (point !== '' && isAbove && point.length >= best.length) {
      best = { length: point.length, type: after?.split(' ')[0] ?? null };
    }
  }
  return best.type;
}

/** The list writes blanks and the like as `\040`. */
function unescaped(point: string): string {
  const bytes = point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function elsewhere(name: string, types: readonly string[]): [string, FileSystemKind][] {
  return types.map((type) => [type, { name, isNetwork: true, reportsChanges: false }]);
}

function shared(name: string, types: readonly string[]): [string, FileSystemKind][] {
  return types.map((type) => [type, { name, isNetwork: false, reportsChanges: false }]);
}

function local(name: string, types: readonly string[]): [string, FileSystemKind][] {
  return types.map((type) => [type, { name, isNetwork: false, reportsChanges: true }]);
}
