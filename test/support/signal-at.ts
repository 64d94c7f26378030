import { isMainThread } from 'node:worker_threads';

/**
 * Preloaded into a command (`node --import`): shows its progress as on a terminal, and sends it a signal at the moment
 * when that reaches a percentage. `LOREKEEP_TEST_SIGNAL_AT` names both, as in `SIGKILL 40`.
 */
function signalAt(signal: string, percent: number): void {
  const { stderr } = process;
  const write = stderr.write.bind(stderr);
  let sent = false;
  Object.assign(stderr, {
    isTTY: true,
    write: (text: string): boolean => {
      const more = write(text);
      const reached = Number(/(\d+) % /.exec(text)?.[1] ?? -1);
      if (!sent && reached >= percent) {
        sent = true;
        process.kill(process.pid, signal);
      }
      return more;
    },
  });
}

const [signal, percent] = (process.env['LOREKEEP_TEST_SIGNAL_AT'] ?? '').split(' ');
if (isMainThread && signal && percent) signalAt(signal, Number(percent));
