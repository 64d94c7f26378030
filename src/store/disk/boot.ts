import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Where Linux names the time since it was started. */
const bootIdFile = '/proc/sys/kernel/random/boot_id';
/** Clocks are put right now and then; a machine is not started twice within so long. */
const roundedToMs = 600_000;

/**
 * A name for the time since this machine was started: another one after each start, and so after a power cut. Elsewhere than
 * on Linux it is the moment of the start, rounded, which a change of the clock moves: so it may be new without a start, too.
 */
export function bootName(now: () => number = Date.now): string {
  try {
    return readFileSync(bootIdFile, 'utf8').trim();
  } catch {
    return String(Math.round((now() - uptime() * 1000) / roundedToMs));
  }
}
