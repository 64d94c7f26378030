import { describe, expect, it } from 'vitest';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import { sendJson } from '../../support/fake-server.ts';
import type { FakeAnswer } from '../../support/fake-server.ts';
import { chatCall, chatText, ollamaOf, textOf, withFake } from '../../support/ollama-of.ts';

const embedCall = { model: 'tiny', inputs: ['a', 'b'] };

describe('what a server says of a model', () => {
  it('reads context, dimension, capabilities and digest', async () => {
    await withFake({}, async (server) => {
      const { facts, listed } = await server.know('TINY:latest');
      expect(facts).toMatchObject({
        contextTokens: 8_192,
        dimension: 2,
        capabilities: ['completion'],
        remoteHost: null,
      });
      expect(listed).toMatchObject({ name: 'tiny:latest', digest: 'd1' });
    });
  });

  it('lives with a server that tells nothing', async () => {
    await withFake({ '/api/show': {} }, async (server) => {
      expect((await server.know('tiny')).facts).toEqual({
        contextTokens: null,
        dimension: null,
        capabilities: [],
        remoteHost: null,
        baseName: '',
        kvBytesPerToken: null,
      });
      expect(await server.describe('tiny')).toMatchObject({ contextTokens: 4_096, windowTokens: 4_096 });
    });
  });

  it('says how to get a model that is missing', async () => {
    const missing: FakeAnswer = (response) => sendJson(response, { error: "model 'tiny' not found" }, 404);
    const error = (name: string) => ({
      code: 'model_missing',
      message: expect.stringContaining(`\`ollama pull ${name}`),
    });
    await withFake({}, (server) => expect(server.describe('big')).rejects.toMatchObject(error('big')));
    // Removed since it was listed.
    for (const path of ['/api/show', '/api/chat'])
      await withFake({ [path]: missing }, (server) => expect(chatText(server)).rejects.toMatchObject(error('tiny')));
  });
});

describe('failures are told apart', () => {
  it('no server: says how to start one', async () => {
    const server = await startFakeOllama({});
    await server[Symbol.asyncDispose]();
    const ollama = ollamaOf(server.url);
    await expect(ollama.describe('tiny')).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringMatching(
        /^No model server answers at 127\.0\.0\.1:\d+\. Start Ollama with `ollama serve`.*--model-url/,
      ),
    });
  });

  it.each([
    'model requires more system memory (5.5 GiB) than is available (3.1 GiB)',
    'llama runner process has terminated: cudaMalloc failed: out of memory',
    'unable to allocate CPU buffer: failed to allocate buffer of size 4294967296',
  ])('out of memory: %s', async (error) => {
    const answer: FakeAnswer = (response) => sendJson(response, { error }, 500);
    await withFake({ '/api/chat': answer }, async (server) => {
      await expect(chatText(server)).rejects.toMatchObject({
        code: 'model_unavailable',
        message: expect.stringMatching(/not enough memory for the model "tiny".*smaller model/),
      });
    });
  });

  it.each([
    [503, 'server busy, please try again', 'model_unavailable', /busy/],
    [500, 'unsupported value: NaN', 'model_unavailable', /failed: unsupported value: NaN\. /],
    [400, 'input is too long', 'request_invalid', /refused the request: input is too long/],
  ])('status %d', async (status, ...[error, code, message]) => {
    const answer: FakeAnswer = (response) => sendJson(response, { error }, status);
    await withFake({ '/api/embed': answer }, async (server) => {
      await expect(server.embed(embedCall)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    });
  });

  it.each<[string, FakeAnswer]>([
    [
      'a page that was not found',
      (response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404</h1>'),
    ],
    ['a page', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hello</h1>')],
    ['a forbidden page without text', (response) => void response.writeHead(403).end()],
  ])('a server that is not Ollama: %s', async (_case, answer) => {
    await withFake({ '/api/show': answer }, async (server) => {
      await expect(server.describe('tiny')).rejects.toMatchObject({
        code: 'model_unavailable',
        message: expect.stringContaining('does not answer like Ollama'),
      });
    });
  });

  it.each([[[[1, 2]]], [[]], [[[1], 'x']], ['none'], [undefined]])(
    'embeddings that do not fit the texts: %j',
    async (embeddings) => {
      await withFake({ '/api/embed': { embeddings } }, async (server) => {
        await expect(server.embed(embedCall)).rejects.toMatchObject({ code: 'model_unavailable' });
      });
    },
  );
});

describe('everything is bounded', () => {
  const never: FakeAnswer = () => undefined;

  it('a server that never sends a first byte', async () => {
    await withFake(
      { '/api/chat': never },
      (server) =>
        expect(chatText(server)).rejects.toMatchObject({
          code: 'model_timeout',
          message: expect.stringContaining('sent no answer within 0.1 s'),
        }),
      { idleTimeoutMs: 100 },
    );
  });

  it('a server that stalls in the middle of an answer', async () => {
    const stall: FakeAnswer = (response) => sendLines(response, [chatLine('so far')], false);
    await withFake(
      { '/api/chat': stall },
      async (server) => {
        const pieces = server.chat(chatCall)[Symbol.asyncIterator]();
        expect((await pieces.next()).value).toMatchObject({ text: 'so far' });
        await expect(pieces.next()).rejects.toMatchObject({
          code: 'model_timeout',
          message: expect.stringContaining('fell silent'),
        });
      },
      { idleTimeoutMs: 100 },
    );
  });

  it('stopping before the first byte closes the connection', async () => {
    await using server = await startFakeOllama({ '/api/chat': never });
    const ollama = ollamaOf(server.url);
    const stop = new AbortController();
    const answer = chatText(ollama, stop.signal);
    stop.abort();
    await expect(answer).rejects.toMatchObject({ code: 'aborted' });
  });

  it('stopping in the middle closes the connection', async () => {
    await using server = await startFakeOllama({
      '/api/chat': (response) => sendLines(response, [chatLine('one')], false),
    });
    const ollama = ollamaOf(server.url);
    const stop = new AbortController();
    const pieces = ollama.chat(chatCall, stop.signal)[Symbol.asyncIterator]();
    await pieces.next();
    stop.abort();
    await expect(pieces.next()).rejects.toMatchObject({ code: 'aborted' });
    await server.abandoned;
  });

  it('a reader that goes away closes the connection', async () => {
    await using server = await startFakeOllama({
      '/api/chat': (response) => sendLines(response, [chatLine('one'), chatLine('two')], false),
    });
    const ollama = ollamaOf(server.url);
    for await (const piece of ollama.chat(chatCall)) {
      expect(textOf(piece)).toBe('one');
      break;
    }
    await server.abandoned;
  });

  it('a signal that is set already sends nothing', async () => {
    await using server = await startFakeOllama({});
    const ollama = ollamaOf(server.url);
    await expect(ollama.describe('tiny', AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    expect(server.seen).toEqual([]);
  });
});

describe('a streamed answer', () => {
  it('comes in pieces, whatever the network makes of its lines', async () => {
    const answer: FakeAnswer = (response) => {
      const bytes = Buffer.from(`${JSON.stringify(chatLine('锁'))}\n\n${JSON.stringify(lastLine())}`);
      response.writeHead(200);
      for (const byte of bytes) response.write(Uint8Array.of(byte));
      response.end();
    };
    expect(await withFake({ '/api/chat': answer }, (server) => chatText(server))).toBe('锁');
  });

  it.each<[string, FakeAnswer]>([
    [
      'a line that is cut off',
      (response) => void response.writeHead(200).end(`${JSON.stringify(chatLine('a'))}\n{"model":"ti`),
    ],
    ['a missing last line', (response) => sendLines(response, [chatLine('a')])],
    ['an error line', (response) => sendLines(response, [chatLine('a'), { error: 'runner stopped' }])],
    ['a line that is no object', (response) => sendLines(response, [chatLine('a'), 7])],
    [
      'a connection that breaks',
      (response) => {
        sendLines(response, [chatLine('a')], false);
        response.destroy();
      },
    ],
  ])('that ends with %s is an error behind the text so far', async (_case, answer) => {
    await withFake({ '/api/chat': answer }, async (server) => {
      const pieces: string[] = [];
      const read = async (): Promise<void> => {
        for await (const piece of server.chat(chatCall)) pieces.push(textOf(piece));
      };
      await expect(read()).rejects.toMatchObject({ code: 'model_unavailable' });
    });
  });
});
