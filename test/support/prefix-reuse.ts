import type { EvaluatedTokens } from './evaluated-tokens.ts';
import type { RunningService } from './running-service.ts';

/** A service whose model tells what it reads. */
export interface Measured {
  readonly service: RunningService;
  readonly evaluated: EvaluatedTokens;
}

const model = 'smollm2:135m';

/** Has the model loaded, so that what follows measures reading alone. */
export async function loadModel({ service }: Measured): Promise<void> {
  const body = { model, messages: [{ role: 'user', content: 'Hi' }], stream: false, options: { num_predict: 1 } };
  await (await service.call('/api/chat', body)).text();
}

/** The first text of an answer to a native question: milliseconds until it came, and tokens that the model has read for it. */
export async function firstText({ service, evaluated }: Measured, question: object) {
  const startedAt = performance.now();
  const reply = await service.call('/lorekeep/ask', { model, stream: true, cache: false, ...question });
  let text = '';
  for await (const piece of reply.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    // Leaving ends the generation.
    if (/^event: text$/m.test(text)) return { milliseconds: performance.now() - startedAt, ...evaluated.last() };
  }
  throw new Error(`no text came: ${text}`);
}

/** One turn of a chat through `/v1`, as the model has read it. */
export interface Turn {
  readonly route: string | null;
  readonly prompt: number;
  readonly evaluated: number;
  /** Tokens of the question and of the evidence for it, with the signs around them. */
  readonly fresh: number;
}

/** A message; with `files` it is given these and looks for no others. */
export interface Said {
  readonly content: string;
  readonly files?: readonly string[];
}

/** Asks question after question, as a client does that sends the whole conversation each time and knows nothing of evidence. */
export async function chat({ service, evaluated }: Measured, questions: readonly Said[]): Promise<readonly Turn[]> {
  const messages: object[] = [];
  const turns: Turn[] = [];
  let before = 0;
  for (const { content, files } of questions) {
    messages.push({ role: 'user', content });
    const reply = await service.call('/v1/chat/completions', {
      model,
      messages,
      max_tokens: 24,
      ...(files === undefined ? {} : { lorekeep: { files, retrieve: 'never' } }),
    });
    const { choices, usage } = (await reply.json()) as {
      choices: [{ message: { content: string } }];
      usage: { prompt_tokens: number; completion_tokens: number };
    };
    const read = evaluated.last();
    turns.push({ ...read, route: reply.headers.get('x-lorekeep-route'), fresh: usage.prompt_tokens - before });
    before = usage.prompt_tokens + usage.completion_tokens;
    messages.push({ role: 'assistant', content: choices[0].message.content });
  }
  return turns;
}
