import { describe, expect, it } from 'vitest';
import type { ModelServer } from '../../../src/core/gateway/model-server.ts';
import { measuredServer } from '../../../src/model/measured-server.ts';
import { PromptSpeed, speedKey } from '../../../src/model/prompt-speed.ts';
import { inMemoryPromptSpeed } from '../../support/in-memory-prompt-speed.ts';
import { doneOf, scriptedModelServer } from '../../support/scripted-model-server.ts';

const times = { totalNs: 3e9, loadNs: 0, promptNs: 2e9, outputNs: 1e9 };

/** A measured server, and the speed that was learnt of its model. */
function measured(changes: Partial<ModelServer> = {}) {
  const answer = async function* () {
    yield doneOf({ promptTokens: 1_000, times });
  };
  const inner = { ...scriptedModelServer({ answer }), ...changes };
  const speed = new PromptSpeed(inMemoryPromptSpeed());
  const server = measuredServer(inner, speed);
  return {
    /** Reads an answer up to its last event, and leaves. */
    ask: async (content: string): Promise<string> => {
      const events = server.chat({ model: 'tiny', messages: [{ role: 'user', content }], options: {} });
      for await (const { type } of events) if (type === 'done') return type;
      return '';
    },
    learnt: async () => speed.of(speedKey(await scriptedModelServer().describe('tiny'))),
  };
}

describe('a measured server', () => {
  it('learns how fast a model reads, also where its reader leaves with the last event', async () => {
    const { ask, learnt } = measured();
    await ask('How is it locked?');
    expect(await learnt()).toBe(500);
  });

  it('answers where nothing can be learnt', async () => {
    const { ask, learnt } = measured({ describe: () => Promise.reject(new Error('gone')) });
    expect(await ask('How is it locked?')).toBe('done');
    expect(await learnt()).toBeNull();
  });
});
