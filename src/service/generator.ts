import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config-options.ts';
import type { Generator } from '../core/generation.ts';
import { PromptSpeed } from '../model/prompt-speed.ts';
import { ServerGenerator } from '../model/server-generator.ts';
import { stateFile } from '../store/state-file.ts';
import { openOllama } from './embedders.ts';
import { answerCache, keepingServer, openAnswerStore } from './kept-answers.ts';

/** Whose answers are generated. */
export interface GeneratorWish {
  /** Names of the projects that the questions are about. */
  readonly projects: readonly string[];
  /** Whether an answer that was given before will do. */
  readonly cache: boolean;
}

/** A generator, to be closed after use. */
export interface OpenGenerator {
  readonly generator: Generator;
  close(): void;
}

/** The configured model as a generator. A cache that cannot be used costs a kept answer, never the answer. */
export async function openGenerator(values: Config, { projects, cache }: GeneratorWish): Promise<OpenGenerator> {
  const { model, dataFolder } = values;
  const promptSpeed = new PromptSpeed(stateFile(join(dataFolder, 'prompt-speed.json'), randomUUID));
  const models = await openOllama(values);
  const answers = cache ? openAnswerStore(values, () => undefined) : null;
  const server = answers === null ? models : keepingServer(models, answerCache(answers), projects);
  return { generator: new ServerGenerator(server, { model, promptSpeed }), close: () => answers?.close() };
}
