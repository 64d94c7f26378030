import type { KeyRecord, KeyStore } from '../../src/core/gateway/caller.ts';

/** Keys that live as long as the test. */
export function memoryKeys(...records: readonly KeyRecord[]): KeyStore {
  let keys = records;
  return {
    list: () => keys,
    add: (record) => {
      keys = [...keys, record];
    },
    remove: (id) => {
      const isKnown = keys.some((key) => key.id === id);
      if (isKnown) keys = keys.filter((key) => key.id !== id);
      return isKnown;
    },
  };
}
