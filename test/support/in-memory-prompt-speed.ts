import type { PromptSpeedStore } from '../../src/model/prompt-speed.ts';

/** Keeps measured speeds for as long as it lives. */
export function inMemoryPromptSpeed(): PromptSpeedStore {
  let kept: string | null = null;
  return {
    read: async () => kept,
    write: async (text) => {
      kept = text;
    },
  };
}
