import { describe, expect, it } from 'vitest';
import type { ServiceError } from '../../../src/core/errors.ts';
import { resolveEndpoint } from '../../../src/model/allowed-host.ts';
import { embedBatch, unitVector } from '../../../src/model/embedding-batch.ts';
import { statusError } from '../../../src/model/model-error.ts';

const endpoint = resolveEndpoint('http://127.0.0.1:11434', []);
const failure = (status: number, serverMessage: string): ServiceError =>
  statusError({ endpoint, status, serverMessage, model: 'tiny' });

/** Embeds by length, refuses what `refuse` says, and counts its calls. */
function embedder(refuse: (texts: readonly string[]) => ServiceError | null) {
  const calls: (readonly string[])[] = [];
  const embed = async (texts: readonly string[]): Promise<number[][]> => {
    calls.push(texts);
    const refused = refuse(texts);
    if (refused !== null) throw refused;
    return texts.map((text) => [3 * text.length, 4 * text.length]);
  };
  return { calls, embed };
}

describe('embedBatch', () => {
  it('gives unit vectors in order with one call', async () => {
    const { calls, embed } = embedder(() => null);
    const results = await embedBatch(['a', 'bb'], embed);
    expect(results).toEqual([{ vector: Float32Array.of(0.6, 0.8) }, { vector: Float32Array.of(0.6, 0.8) }]);
    expect(calls).toHaveLength(1);
  });

  it('isolates the one text that the model cannot embed, and never sends it twice alone', async () => {
    const { calls, embed } = embedder((texts) =>
      texts.includes('bad') ? failure(500, 'unsupported value: NaN') : null,
    );
    const texts = Array.from({ length: 16 }, (_, index) => (index === 11 ? 'bad' : `text ${index}`));
    const results = await embedBatch(texts, embed);
    expect(results.map((result) => 'vector' in result)).toEqual(texts.map((text) => text !== 'bad'));
    expect(results[11]).toEqual({ failed: expect.stringContaining('NaN') });
    expect(calls.filter((call) => call.length === 1 && call[0] === 'bad')).toHaveLength(1);
    expect(calls.length).toBeLessThanOrEqual(9);
  });

  it('cuts a text that is refused for its length until it passes', async () => {
    const { embed } = embedder((texts) => (texts.some((text) => text.length > 300) ? failure(400, 'too long') : null));
    const results = await embedBatch(['short', 'x'.repeat(1_000)], embed);
    expect(results.every((result) => 'vector' in result)).toBe(true);
  });

  it('gives a refused text up when it is short already', async () => {
    const { embed, calls } = embedder(() => failure(400, 'no'));
    expect(await embedBatch(['x'.repeat(100)], embed)).toEqual([{ failed: expect.stringContaining('no') }]);
    expect(calls.map(([text]) => text?.length)).toEqual([100, 50]);
  });

  it.each([
    ['a missing model', failure(404, 'not found'), 'model_missing'],
    [
      'a lack of memory',
      failure(500, 'model requires more system memory (9 GiB) than is available'),
      'model_unavailable',
    ],
  ])('passes %s on without trying each text', async (_case, error, code) => {
    const { embed, calls } = embedder(() => error);
    await expect(embedBatch(['a', 'b', 'c'], embed)).rejects.toMatchObject({ code });
    expect(calls).toHaveLength(1);
  });

  it('tries again when the server is busy', async () => {
    let busy = 1;
    const { embed, calls } = embedder(() => (busy-- > 0 ? failure(503, 'server busy') : null));
    expect(await embedBatch(['a'], embed)).toHaveLength(1);
    expect(calls).toHaveLength(2);
  });

  it('stops waiting for a busy server when it is stopped', async () => {
    const stop = new AbortController();
    const { embed } = embedder(() => {
      stop.abort();
      return failure(503, 'server busy');
    });
    await expect(embedBatch(['a'], embed, stop.signal)).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('unitVector', () => {
  it.each([[[0, 0]], [[Number.NaN, 1]], [[Infinity, 1]], [[]]])('finds no direction in %j', (values) => {
    expect(unitVector(values)).toHaveProperty('failed');
  });
});
