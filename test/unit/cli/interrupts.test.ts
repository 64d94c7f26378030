import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { listenForInterrupts } from '../../../src/cli/interrupts.ts';

function world() {
  const emitter = new EventEmitter();
  const exits: number[] = [];
  const source = {
    on: (name: string, listener: () => void) => emitter.on(name, listener),
    off: (name: string, listener: () => void) => emitter.off(name, listener),
    exit: (status: number) => void exits.push(status),
  };
  return { emitter, exits, interrupts: listenForInterrupts(source) };
}

test('the first Ctrl-C stops the run in order', () => {
  const { emitter, exits, interrupts } = world();
  emitter.emit('SIGINT');
  expect(interrupts.signal.aborted).toBe(true);
  expect(interrupts.signal.reason).toMatchObject({ code: 'aborted' });
  expect(interrupts.status).toBe(130);
  expect(exits).toEqual([]);
});

test('the second ends the process at once', () => {
  const { emitter, exits } = world();
  emitter.emit('SIGINT');
  emitter.emit('SIGINT');
  expect(exits).toEqual([130]);
});

test('a TERM signal has its own status', () => {
  const { emitter, interrupts } = world();
  emitter.emit('SIGTERM');
  expect(interrupts.status).toBe(143);
});

test('a closed pipe stops the run and is no failure', () => {
  const { interrupts } = world();
  interrupts.stop();
  expect(interrupts.signal.aborted).toBe(true);
  expect(interrupts.status).toBeNull();
});

test('release leaves no listener behind', () => {
  const { emitter, interrupts } = world();
  interrupts.release();
  expect(emitter.eventNames()).toEqual([]);
});
