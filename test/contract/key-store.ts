import { describe, expect, test } from 'vitest';
import type { KeyStore } from '../../src/core/gateway/caller.ts';
import { freshRecord } from '../support/fresh-record.ts';

/** What every store of keys does. */
export function keyStoreContract(name: string, open: () => KeyStore): void {
  describe(`${name} as a KeyStore`, () => {
    test('has no keys at first', () => {
      expect(open().list()).toEqual([]);
    });

    test('gives records back as they were, in the order they came', () => {
      const store = open();
      const records = [
        freshRecord({ name: 'a "quoted" 名', projects: ['shop', 'web'] }),
        freshRecord({ isAdmin: true, expiresAt: '2027-01-01T00:00:00.000Z' }),
      ];
      for (const record of records) store.add(record);
      expect(store.list()).toEqual(records);
    });

    test('removes the key of an id, once, and no other', () => {
      const store = open();
      const [one, other] = [freshRecord(), freshRecord()];
      store.add(one);
      store.add(other);
      expect(store.remove(one.id)).toBe(true);
      expect(store.remove(one.id)).toBe(false);
      expect(store.remove('')).toBe(false);
      expect(store.list()).toEqual([other]);
    });

    test('lists the same array until something changes', () => {
      const store = open();
      store.add(freshRecord());
      const before = store.list();
      expect(store.list()).toBe(before);
      store.remove('nobody');
      expect(store.list()).toBe(before);
      store.add(freshRecord());
      expect(store.list()).not.toBe(before);
      expect(before).toHaveLength(1);
    });
  });
}
