import { setTimeout as wait } from 'node:timers/promises';
import { isBusyStatus, isLostConnection, statusOf } from '../model-error.ts';

/** Waits before further attempts, in milliseconds. */
const busyWaitsMs = [250, 1_000];
const lostWaitsMs = [250];

/**
 * Opens an answer, once more where the server was busy, or gone for the moment that it takes to start anew. Only what
 * failed before its first byte may come here: half an answer cannot be taken back. Throws what the last attempt throws.
 */
export async function retryEarly<Value>(open: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await open();
    } catch (error) {
      const waits = isBusyStatus(statusOf(error)) ? busyWaitsMs : isLostConnection(error) ? lostWaitsMs : [];
      const pauseMs = waits[attempt];
      if (pauseMs === undefined) throw error;
      // Stopping ends the wait; the attempt behind it tells so.
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
