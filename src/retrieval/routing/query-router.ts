import type { Embedder } from '../../core/embedding.ts';
import type { QueryRouter, Route, RouteRequest } from '../../core/route.ts';
import type { SearchableProject } from '../gather.ts';
import { analyseQuestion, type Query } from '../query-analysis.ts';
import { type Background, measureBackground, probe } from './probe.ts';
import model from './route-model.json' with { type: 'json' };
import { type KnownThings, knownThings, routeSignals, signalNames } from './route-signals.ts';
import { isBackgroundTask } from './wording.ts';

/** What a router decides for. */
export interface RouterParts {
  readonly project: SearchableProject;
  /** The embedder that made the index's vectors where it needs no server; null otherwise. */
  readonly embedder: Embedder | null;
}

/** What a decision was made from: the signals in the order of `signalNames`, and how likely retrieval is needed. */
export interface Decision {
  readonly route: Route;
  readonly signals: readonly number[];
}

/** A message that names a file of the project is about the project. */
const fileLikelihood = 0.95;
/** Earlier messages that still count. */
const rememberedMessages = 3;

/**
 * Decides by rules where they are certain (background tasks of clients, named files), else by a logistic model over cheap
 * signals that was fitted to labelled messages (test/relevance/router). What fits the message in the index is compared
 * with what fits general messages there.
 */
export class SignalRouter implements QueryRouter {
  readonly #parts: RouterParts;
  #background: { readonly state: string; readonly measured: Promise<Background> } | null = null;

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  async route(request: RouteRequest, signal?: AbortSignal): Promise<Route> {
    const { route } = await this.decide(request);
    signal?.throwIfAborted();
    return route;
  }

  /** As `route`, with the signals behind it. */
  async decide({ question, history }: RouteRequest): Promise<Decision> {
    const none = { signals: signalNames.map(() => 0) };
    if (isBackgroundTask(question)) return { route: noRoute('A chat client asked this by itself.', 1), ...none };
    if (question.trim() === '') return { route: noRoute('The message is empty.', 1), ...none };
    const past = await this.#aboutProject(history.slice(-rememberedMessages));
    const query = analyseQuestion(question);
    const known = knownThings(query, this.#parts.project);
    const signals = await this.#signals(query, known, past);
    // Who spells out a path of the project means that file.
    const likely = known.files.length > 0 ? Math.max(fileLikelihood, likelihood(signals)) : likelihood(signals);
    return { route: likely >= 0.5 ? retrieving(query, known, likely) : noRoute(whyNot(signals), 1 - likely), signals };
  }

  /** How likely what was said before is about the project. */
  async #aboutProject(history: readonly string[]): Promise<number> {
    let past = 0.5;
    for (const message of history) {
      const query = analyseQuestion(message);
      past = likelihood(await this.#signals(query, knownThings(query, this.#parts.project), past));
    }
    return past;
  }

  async #signals(query: Query, known: KnownThings, history: number): Promise<number[]> {
    const { project, embedder } = this.#parts;
    const [fit, background] = await Promise.all([probe(project, query, embedder), this.#measured()]);
    return routeSignals({ query, known, fit, background, projectName: project.name, history });
  }

  /** Measured again when the index has changed. */
  #measured(): Promise<Background> {
    const { project, embedder } = this.#parts;
    const state = project.catalogue.lastCompletedRun() ?? '';
    if (this.#background?.state !== state) {
      const measured = measureBackground(project, embedder);
      this.#background = { state, measured };
      // Tried again with the next message.
      measured.catch(() => (this.#background = null));
    }
    return this.#background.measured;
  }
}

function likelihood(signals: readonly number[]): number {
  const sum = signals.reduce((total, value, index) => total + value * (model.weights[index] ?? 0), model.bias);
  return 1 / (1 + Math.exp(-sum));
}

function noRoute(reason: string, confidence: number): Route {
  return { kind: 'none', reason, confidence, files: [] };
}

function retrieving(query: Query, known: KnownThings, confidence: number): Route {
  const { files, names } = known;
  if (files.length > 0)
    return { kind: 'files', reason: `It names ${files.slice(0, 3).join(', ')}.`, confidence, files };
  const [name] = names;
  const asksOneName = new Set(names).size === 1 && query.words.length <= 8;
  if (name !== undefined && (asksOneName || query.kind === 'symbol')) {
    return { kind: 'symbol', reason: `It asks about ${name}, which the project defines.`, confidence, files: [] };
  }
  const reason =
    name === undefined ? 'It fits the code of this project.' : `It names ${name}, which the project defines.`;
  return { kind: 'hybrid', reason, confidence, files: [] };
}

function whyNot(signals: readonly number[]): string {
  const at = (name: (typeof signalNames)[number]): number => signals[signalNames.indexOf(name)] ?? 0;
  if (at('small-talk') > 0) return 'It is small talk or about language.';
  if (at('pastes-code') > 0) return 'It brings its own code along.';
  if (at('asks-to-write') > 0) return 'It asks to write something new.';
  return 'It is about programming in general.';
}
