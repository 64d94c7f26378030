import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config-options.ts';
import { loadConfig } from '../config.ts';
import type { FlagValues, ResolvedConfig } from '../config.ts';
import type { Retriever } from '../core/retrieval.ts';
import { indexInto } from './indexing.ts';
import { questionEmbedder } from './embedders.ts';
import { openIndex } from '../store/index-folder.ts';
import type { ReadableIndex } from '../store/index-folder.ts';
import { embedderOption } from '../store/index-identity.ts';
import { evaluate } from '../verbs/evaluation/evaluate.ts';
import type { EvaluateParts, EvaluationControl, TemporaryIndex } from '../verbs/evaluation/evaluate.ts';
import type { EvaluationReport, IndexSettings } from '../verbs/evaluation/evaluation-report.ts';
import type { LabelledQuestion } from '../core/relevance.ts';
import type { ProjectSummary } from '../verbs/reports.ts';

/** What to ask of a project, and by which settings. */
export interface EvaluationRequest {
  readonly questions: readonly LabelledQuestion[];
  /** Options that differ in the index to compare with; null when nothing is compared. */
  readonly against: FlagValues | null;
}

/** A project open for reading, and the options given as flags. */
export interface EvaluationParts {
  readonly project: ProjectSummary & ReadableIndex;
  readonly flags: FlagValues;
}

/** Wires an evaluation of the project's index, and of one by other settings that lives as long as the call. */
export async function evaluateProject(
  { project, flags }: EvaluationParts,
  { questions, against }: EvaluationRequest,
  control: EvaluationControl,
): Promise<EvaluationReport> {
  const present = await loadConfig({ flags, projectRoot: project.root });
  const other =
    against === null ? null : await loadConfig({ flags: { ...flags, ...against }, projectRoot: project.root });
  const parts: EvaluateParts = {
    project: project.name,
    present: {
      catalogue: project.catalogue,
      retriever: await retrieverOf(project, project, present.values),
      settings: settingsOf(project, present.values),
    },
    withOther: other === null ? null : (use) => withTemporaryIndex(project, { config: other, control }, use),
  };
  return evaluate(parts, questions, control);
}

interface TemporaryOptions {
  readonly config: ResolvedConfig;
  readonly control: EvaluationControl;
}

/** Makes an index in a folder of its own, which is gone when the call ends, however it ends. */
async function withTemporaryIndex<T>(
  project: ProjectSummary & ReadableIndex,
  { config, control }: TemporaryOptions,
  use: (index: TemporaryIndex) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lorekeep-eval-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // A second Ctrl-C ends the process without another chance.
  process.once('exit', remove);
  try {
    const place = { name: project.name, root: project.root, indexFolder: join(folder, 'index') };
    const options = { config, made: project.catalogue.identity(), exists: false, rebuild: false };
    const { notices } = await indexInto(place, options, {
      signal: control.signal,
      onProgress: (run) => control.onProgress({ stage: 'index', run }),
    });
    control.signal.throwIfAborted();
    const index = openIndex(place.indexFolder);
    try {
      const retriever = await retrieverOf(place, index, config.values);
      return await use({ ...index, retriever, settings: settingsOf(index, config.values), notices });
    } finally {
      await index.close();
    }
  } finally {
    process.off('exit', remove);
    remove();
  }
}

async function retrieverOf(
  { name }: ProjectSummary,
  { catalogue, store }: ReadableIndex,
  values: Config,
): Promise<Retriever> {
  const { createRetriever } = await import('../retrieval/hybrid-retriever.ts');
  const made = catalogue.identity()?.embedder ?? null;
  const embedder = made === null ? null : await questionEmbedder(values, made);
  return createRetriever({ projects: [{ name, catalogue, store }], embedder });
}

/** The embedder is the one that made the index, whatever the options say. */
function settingsOf(
  { catalogue }: ReadableIndex,
  { chunkCharacters, maxCodeBytes, maxDataBytes }: Config,
): IndexSettings {
  const embedder = embedderOption(catalogue.identity()?.embedder ?? null);
  return { embedder, chunkCharacters, maxCodeBytes, maxDataBytes };
}
