import { spawnSync } from 'node:child_process';

/** Brings loopback up with whatever tool is there, then becomes the command. The last one asks the kernel directly. */
const withLoopbackUp = `
  ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null ||
    perl -e '$up = pack "a16 s x22", "lo", 0x41; socket(S, 2, 2, 0) && ioctl(S, 0x8914, $up) || exit 1' || exit 1
  exec "$@"`;

/** What a machine may permit: a namespace for anybody, or only for root. */
const kinds = [['--map-root-user', '--net'], ['--net']].map((flags) => [
  'unshare',
  ...flags,
  'sh',
  '-c',
  withLoopbackUp,
  'sh',
]);

/** Words that run a command where no network exists but loopback; null where this machine does not permit that. */
export function loopbackOnly(): readonly string[] | null {
  return kinds.find((words) => succeeds([...words, 'true'])) ?? null;
}

/** What a test prints that was left out because `loopbackOnly` is null. */
export const loopbackOnlyLeftOut =
  'Left out: the test that nothing leaves the machine. It needs Linux, and the right to make network namespaces.';

/** Words that write down what a command and its children connect and send to, or null where strace is not installed. */
export function connectionTrace(within: readonly string[], file: string): readonly string[] | null {
  const calls = 'trace=connect,sendto,sendmsg,sendmmsg';
  const words = ['strace', '-f', '-qq', '-A', '-s', '0', '-e', calls, '-e', 'signal=none', '-o', file];
  return succeeds([...within, ...words, 'true']) ? words : null;
}

/** What a test prints that was left out because `connectionTrace` is null. */
export const traceLeftOut = 'Left out: a look at each system call that connects or sends. It needs strace.';

/** Internet addresses in a trace that are not this machine's own loopback. */
export function foreignAddresses(trace: string): readonly string[] {
  const addresses = [...trace.matchAll(/inet_(?:addr\("|pton\(AF_INET6, ")([^"]+)"/g)].map(
    ([, address]) => address ?? '',
  );
  return addresses.filter((address) => !/^(?:127\.|::1$|::ffff:127\.)/.test(address));
}

function succeeds([program = '', ...args]: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
