import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLance } from '../../../src/store/lance/table.ts';

/** Told of each step when it begins and when it has ended, such as `store.write:before`. */
export type OnStep = (step: string) => void;

/** An object whose methods say when they begin and when they have ended. */
export function stepping<T extends object>(target: T, name: string, onStep: OnStep): T {
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key, object);
      if (typeof value !== 'function' || typeof key !== 'string') return value;
      return stepped(value.bind(object) as AnyFunction, `${name}.${key}`, onStep);
    },
  });
}

type AnyFunction = (...values: unknown[]) => unknown;

function stepped(action: AnyFunction, name: string, onStep: OnStep): AnyFunction {
  return (...values) => {
    onStep(`${name}:before`);
    const result = action(...values);
    if (result instanceof Promise)
      return result.then((value: unknown) => {
        onStep(`${name}:after`);
        return value;
      });
    onStep(`${name}:after`);
    return result;
  };
}

function replace(target: object, key: string, { name, onStep }: { name: string; onStep: OnStep }): void {
  const methods = target as Record<string, AnyFunction>;
  const original = methods[key]!;
  methods[key] = function (this: unknown, ...values: unknown[]) {
    return stepped(original.bind(this), name, onStep)(...values);
  };
}

const bootId = '/proc/sys/kernel/random/boot_id';

/** Lets this process believe that the machine was started another time than it was. */
export function pretendBoot(name: string): void {
  const original = fs.readFileSync;
  const replaced = (...words: Parameters<typeof original>) => (words[0] === bootId ? name : original(...words));
  fs.readFileSync = replaced as typeof original;
  syncBuiltinESMExports();
}

/** Steps inside the adapters, which no port shows: what they do to files, and each call to a chunk table. */
export async function stepInside(onStep: OnStep): Promise<void> {
  for (const key of ['rmSync', 'renameSync', 'unlinkSync']) replace(fs, key, { name: `fs.${key}`, onStep });
  for (const key of ['rename', 'rm', 'unlink']) replace(fsPromises, key, { name: `fs.${key}`, onStep });
  syncBuiltinESMExports();
  const handle = await fsPromises.open(join(import.meta.dirname, 'step-points.ts'), 'r');
  replace(Object.getPrototypeOf(handle) as object, 'sync', { name: 'fs.sync', onStep });
  await handle.close();
  await stepInTables(onStep);
}

async function stepInTables(onStep: OnStep): Promise<void> {
  const lancedb = await loadLance();
  const folder = fs.mkdtempSync(join(tmpdir(), 'lorekeep-steps-'));
  const connection = await lancedb.connect(folder);
  const table = await connection.createTable('steps', [{ id: 1 }]);
  const methods = Object.getPrototypeOf(table) as object;
  for (const key of ['add', 'delete', 'optimize', 'createIndex'])
    replace(methods, key, { name: `table.${key}`, onStep });
  replace(Object.getPrototypeOf(table.mergeInsert('id')) as object, 'execute', { name: 'table.mergeInsert', onStep });
  // It is not closed: what was begun with it may still hold it.
  fs.rmSync(folder, { recursive: true });
}
