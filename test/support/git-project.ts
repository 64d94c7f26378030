import { execFileSync } from 'node:child_process';
import { addFiles } from './file-tree.ts';

const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];

/** Runs git in a folder, deaf to the settings of whoever runs the tests; what it prints. */
export function git(folder: string, words: readonly string[], input = ''): string {
  const environment = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', ['-C', folder, ...identity, ...words], {
    env: environment,
    stdio: 'pipe',
    input,
    encoding: 'utf8',
  });
}

/** Makes a folder a repository. */
export function initRepository(folder: string): void {
  git(folder, ['init', '-q', '-b', 'main']);
}

/** Writes files and commits everything in the folder. */
export function commitFiles(folder: string, subject: string, files: Readonly<Record<string, string>>): void {
  addFiles(folder, files);
  git(folder, ['add', '-A']);
  git(folder, ['commit', '-q', '--allow-empty', '-m', subject]);
}

/** Puts a made-up signature into the last commit, so that git has one to check. */
export function signLastCommit(folder: string): void {
  const [head = '', ...message] = git(folder, ['cat-file', 'commit', 'HEAD']).split('\n\n');
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n made up\n -----END PGP SIGNATURE-----';
  const commit = `${head}\n${signature}\n\n${message.join('\n\n')}`;
  const hash = git(folder, ['hash-object', '-t', 'commit', '-w', '--stdin'], commit).trim();
  git(folder, ['update-ref', 'HEAD', hash]);
}
