import { expect, it } from 'vitest';
import { fileSystemKind, kindOfType, typeInMounts } from '../../../indexer/watch/file-system-kind.ts';

const mounts = [
  '22 1 0:21 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
  '23 22 0:5 / /proc rw - proc proc rw',
  '40 22 0:50 / /home/ada/My\\040Code rw master:2 shared:7 - nfs4 server:/code rw',
  '41 40 0:51 / /home/ada/My\\040Code/local rw - btrfs /dev/sdb rw',
  '42 22 0:52 / /mnt/c rw - 9p C:\\134 rw',
  '43 22 0:53 / /mnt/twice rw - ext4 /dev/sdc rw',
  '44 43 0:54 / /mnt/twice rw - fuse.sshfs ada@host: rw',
  '45 22 0:55 / /mnt/stra\\303\\237e rw - cifs //server/share rw',
  '',
].join('\n');

it.each([
  ['/home/ada/code', 'ext4'],
  ['/home/ada/My Code', 'nfs4'],
  ['/home/ada/My Code/app', 'nfs4'],
  ['/home/ada/My Code/local/app', 'btrfs'],
  ['/home/ada/My Code 2', 'ext4'],
  ['/mnt/c/Users', '9p'],
  ['/mnt/twice/app', 'fuse.sshfs'],
  ['/mnt/straße', 'cifs'],
])('finds what %s is mounted as', (path, type) => {
  expect(typeInMounts(mounts, path)).toBe(type);
});

it.each([
  ['nfs4', 'NFS', true, false],
  ['cifs', 'SMB', true, false],
  ['fuse.sshfs', 'sshfs (FUSE)', true, false],
  ['9p', 'a folder of the host (9p)', false, false],
  ['vboxsf', 'a shared folder of VirtualBox', false, false],
  ['fuse.gocryptfs', 'gocryptfs (FUSE)', false, true],
  ['fuseblk', 'NTFS (FUSE)', false, true],
  ['fuse.something-new', 'something-new (FUSE)', false, false],
  ['fuse', 'a program (FUSE)', false, false],
  ['ext4', 'ext4', false, true],
  ['overlay', 'overlay', false, true],
  [null, 'unknown', false, true],
])('knows of %s', (...[type, name, isNetwork, reportsChanges]) => {
  expect(kindOfType(type)).toEqual({ name, isNetwork, reportsChanges });
});

it('takes a network path of Windows for one, and what it cannot ask for local', async () => {
  expect(await fileSystemKind('\\\\server\\share')).toMatchObject({ isNetwork: true, reportsChanges: false });
  expect(await fileSystemKind('/not/there/at/all')).toMatchObject({ name: 'unknown', reportsChanges: true });
});

it.runIf(process.platform === 'linux')('asks the system', async () => {
  expect(await fileSystemKind('/proc')).toEqual({ name: 'proc', isNetwork: false, reportsChanges: true });
});
