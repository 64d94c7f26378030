import { toServiceError } from '../../core/errors.ts';
import type { Hardware } from '../../core/hardware.ts';
import type { FileSystemKind } from '../../../indexer/watch/file-system-kind.ts';
import { broken, fine, warning } from './doctor-report.ts';
import type { DoctorCheck, DoctorReport, Finding } from './doctor-report.ts';
import { checkDisk, checkFileSystem, checkWatching } from './disk-checks.ts';
import type { Watching } from './disk-checks.ts';
import { checkIndex } from './index-health.ts';
import type { ExaminedIndex } from './index-health.ts';
import { checkGpu, checkMemory, checkNode, checkProcessor } from './machine-checks.ts';
import { recommendModel } from './recommend-model.ts';
import type { Recommendation } from './recommend-model.ts';

/** What is looked at. Each may throw: then its check is broken and says the error's words. */
export interface DoctorParts {
  readonly node: { readonly version: string; readonly wanted: string };
  readonly hardware: () => Promise<Hardware>;
  readonly dataFolder: string;
  /** Throws where the data folder cannot be written. */
  readonly probeDataFolder: () => void;
  /** Throws where it has no hard links, with which changes of an index are put in place. */
  readonly probeHardLinks: () => void;
  readonly freeBytes: () => number;
  /** Size of the largest index, 0 where there is none. */
  readonly largestIndexBytes: () => Promise<number>;
  readonly fileSystem: () => Promise<FileSystemKind>;
  readonly watching: () => Promise<Watching>;
  readonly server: {
    readonly url: string;
    readonly version: (signal: AbortSignal) => Promise<string>;
    /** Names of its models. */
    readonly models: (signal: AbortSignal) => Promise<readonly string[]>;
  };
  /** The configured model that writes answers. */
  readonly model: string;
  /** The configured embedder, in a few words; throws where it cannot be used. */
  readonly embedder: (signal: AbortSignal) => Promise<string>;
  /** The index of the current project, null for none. */
  readonly index: () => Promise<ExaminedIndex | null>;
  /** The indexes of all other projects. */
  readonly otherIndexes: readonly ExaminedIndex[];
  /** How many keys let callers in, and what is unsafe about them. */
  readonly keys: () => { readonly count: number; readonly warnings: readonly string[] };
  readonly port: { readonly address: string; readonly isFree: () => Promise<boolean> };
}

/** Looks at everything that Lorekeep needs here, at the same time. Never throws but for an abort. */
export async function examine(parts: DoctorParts, signal: AbortSignal): Promise<DoctorReport> {
  const hardware = await parts.hardware();
  const recommendation = recommendModel(hardware);
  const checks: readonly (readonly [string, () => Finding | Promise<Finding>])[] = [
    ['Node', () => checkNode(parts.node.version, parts.node.wanted)],
    ['data folder', () => checkDataFolder(parts)],
    ['disk', async () => checkDisk(parts.freeBytes(), parts.dataFolder, await parts.largestIndexBytes())],
    ['hard links', () => checkHardLinks(parts)],
    ['file system', async () => checkFileSystem(await parts.fileSystem(), parts.dataFolder)],
    ['watching', async () => checkWatching(await parts.watching())],
    ['processor', () => checkProcessor(hardware)],
    ['memory', () => checkMemory(hardware, recommendation)],
    ['GPU', () => checkGpu(hardware)],
    ['model server', () => checkServer(parts, signal)],
    ['model', () => checkModel(parts, recommendation, signal)],
    ['embedder', async () => fine(await parts.embedder(signal))],
    ['index', async () => checkCurrent(await parts.index())],
    ...parts.otherIndexes.map((other) => [`index ${other.name}`, () => checkIndex(other)] as const),
    ['keys', () => checkKeys(parts)],
    ['port', () => checkPort(parts)],
  ];
  const done = await Promise.all(checks.map(([name, check]) => checked(name, check)));
  signal.throwIfAborted();
  return { ok: done.every(({ state }) => state !== 'broken'), checks: done, hardware, recommendation };
}

async function checked(name: string, check: () => Finding | Promise<Finding>): Promise<DoctorCheck> {
  try {
    return { name, ...(await check()) };
  } catch (error) {
    return { name, ...broken(toServiceError(error).message) };
  }
}

function checkDataFolder({ dataFolder, probeDataFolder }: DoctorParts): Finding {
  probeDataFolder();
  return fine(`${dataFolder} can be written`);
}

function checkHardLinks({ probeHardLinks }: DoctorParts): Finding {
  probeHardLinks();
  return fine('the data folder has them');
}

/** Without a model server there are cited places instead of sentences: less, not nothing. */
async function checkServer({ server }: DoctorParts, signal: AbortSignal): Promise<Finding> {
  try {
    return fine(`Ollama ${await server.version(signal)} at ${server.url}`);
  } catch (error) {
    const { code } = toServiceError(error);
    if (code !== 'model_unavailable' && code !== 'model_timeout') throw error;
    const detail = `no Ollama answers at ${server.url}: answers are cited places, without sentences`;
    return warning(detail, 'ollama serve (or --model-url <where it is>)');
  }
}

async function checkModel(
  parts: DoctorParts,
  { model: suitable }: Recommendation,
  signal: AbortSignal,
): Promise<Finding> {
  const { model, server } = parts;
  if (model.startsWith('openai:')) return fine(`${model}, asked at generatorUrl; not looked at`);
  const names = await namesOrNull(server, signal);
  if (names === null) return warning(`${model} cannot be looked for`, 'ollama serve');
  if (names.includes(withTag(model))) return fine(`${model} is installed`);
  const advice = `lorekeep models pull ${model} --from-internet (or ${suitable}, which suits this machine; or --model <one you have>)`;
  return warning(`${model} is not installed`, advice);
}

/** Null where the server does not tell; what is wrong with it, its own line says. */
async function namesOrNull(server: DoctorParts['server'], signal: AbortSignal): Promise<readonly string[] | null> {
  try {
    return await server.models(signal);
  } catch {
    return null;
  }
}

/** A name without a tag means `latest`. */
function withTag(model: string): string {
  return /:[^/]*$/.test(model) ? model : `${model}:latest`;
}

async function checkCurrent(index: ExaminedIndex | null): Promise<Finding> {
  return index === null ? warning('this folder has none', 'lorekeep index') : checkIndex(index);
}

function checkKeys({ keys }: DoctorParts): Finding {
  const { count, warnings } = keys();
  if (warnings.length > 0) return warning(`${count} let callers in`, warnings.join(' '));
  return fine(count === 0 ? 'none yet; `lorekeep keys create <name>` makes one' : `${count} let callers in`);
}

async function checkPort({ port }: DoctorParts): Promise<Finding> {
  if (await port.isFree()) return fine(`${port.address} is free`);
  return warning(
    `${port.address} is in use, perhaps by a \`lorekeep serve\` that runs`,
    'lorekeep serve --port <another>',
  );
}
