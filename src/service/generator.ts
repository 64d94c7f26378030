import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config-options.ts';
import type { AnswerStore } from '../core/gateway/answer-cache.ts';
import type { ModelServer } from '../core/gateway/model-server.ts';
import type { Generator } from '../core/generation.ts';
import { PromptSpeed } from '../model/prompt-speed.ts';
import { ServerGenerator } from '../model/server-generator.ts';
import { stateFile } from '../store/state-file.ts';
import { answerCache, keepingServer, openAnswerStore } from './kept-answers.ts';
import { openModelServers } from './model-servers.ts';

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
  close(): Promise<void>;
}

/** The configured model as a generator. A cache that cannot be used costs a kept answer, never the answer. */
export async function openGenerator(values: Config, { projects, cache }: GeneratorWish): Promise<OpenGenerator> {
  const { model, dataFolder } = values;
  const promptSpeed = new PromptSpeed(stateFile(join(dataFolder, 'prompt-speed.json'), randomUUID));
  const models = await openModelServers(values);
  const answers = cache ? openAnswerStore(values, () => undefined) : null;
  const server = answers === null ? models : keepingServer(models, answerCache(answers), projects);
  return { generator: new ServerGenerator(server, { model, promptSpeed }), close: () => closeAll(models, answers) };
}

async function closeAll(models: ModelServer, answers: AnswerStore | null): Promise<void> {
  await models.close?.();
  answers?.close();
}
