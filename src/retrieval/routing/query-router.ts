import type { Embedder } from '../../core/embedding.ts';
import type { QueryRouter, Route, RouteRequest } from '../../core/route.ts';
import type { SearchableProject } from '../gather.ts';
import { analyseQuestion } from '../query-analysis.ts';
import { searchQuestion } from './follow-up.ts';
import { messageWords, type MessageWord, proseOf } from './message-words.ts';
import { type Background, measureBackground, probe } from './probe.ts';
import { ProjectWords } from './project-words.ts';
import model from './route-model.json' with { type: 'json' };
import { noRoute, retrieving, whyNot } from './routes.ts';
import { routeSignals, signalNames, type SignalSources } from './route-signals.ts';
import { isBackgroundTask } from './wording.ts';
import { wordingScore } from './wording-model.ts';

/** What a router decides for. */
export interface RouterParts {
  readonly project: SearchableProject;
  /** The embedder that made the index's vectors where it needs no server; null otherwise. */
  readonly embedder: Embedder | null;
}

/** What is known of a message: the signals in the order of `signalNames`, all 0 where a rule decided, and its words. */
export interface Evidence {
  readonly signals: readonly number[];
  readonly words: readonly MessageWord[];
}

/** A decision with what it was made from. */
export interface Decision extends Evidence {
  readonly route: Route;
  /** The messages before it that counted, oldest first. */
  readonly past: readonly Evidence[];
}

type ReadMessage = Omit<SignalSources, 'fit' | 'history'>;

/** A message that names a file of the project is about the project. */
const fileLikelihood = 0.95;
/** Earlier messages that still count. */
const rememberedMessages = 3;
/** What general messages find is measured again when the number of files has changed by this share. */
const changedShare = 0.1;

/**
 * Decides by rules where they are certain (background tasks of clients, named files), else by a logistic model over cheap
 * signals that was fitted to labelled messages (test/relevance/router). What fits the message in the index is compared
 * with what fits general messages there.
 */
export class SignalRouter implements QueryRouter {
  readonly #parts: RouterParts;
  readonly #words: ProjectWords;
  #background: { readonly files: number; readonly measured: Promise<Background> } | null = null;

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#words = new ProjectWords(parts.project.catalogue);
  }

  async route(request: RouteRequest, signal?: AbortSignal): Promise<Route> {
    signal?.throwIfAborted();
    const { route } = await this.decide(request);
    signal?.throwIfAborted();
    return route;
  }

  /** As `route`, with the signals behind it. */
  async decide({ question, history }: RouteRequest): Promise<Decision> {
    const none = { signals: signalNames.map(() => 0), words: [], past: [] };
    if (isBackgroundTask(question)) return { route: noRoute('A chat client asked this by itself.', 1), ...none };
    if (question.trim() === '') return { route: noRoute('The message is empty.', 1), ...none };
    this.#words.refresh();
    const message = this.#read(question);
    const past = this.#past(history.slice(-rememberedMessages));
    const fit = await this.#fit(searchQuestion(question, history));
    const signals = routeSignals({ ...message, fit, history: aboutProject(past) });
    // Who spells out a path of the project means that file.
    const likely = Math.max(message.files.length > 0 ? fileLikelihood : 0, likelihood(signals));
    const route = likely >= 0.5 ? retrieving(message, likely) : noRoute(whyNot(message.prose), 1 - likely);
    return { route, signals, words: message.words, past };
  }

  #read(question: string): ReadMessage {
    const query = analyseQuestion(question);
    const prose = proseOf(question);
    const words = messageWords(prose, this.#words);
    const files = this.#words.filesNamed(query.paths);
    return { query, prose, words, files, known: this.#words, wording: wordingScore(words) };
  }

  /** What was said before, by its words alone: the index is asked for the message only. */
  #past(history: readonly string[]): Evidence[] {
    const past: Evidence[] = [];
    for (const message of history) {
      const read = this.#read(message);
      past.push({ signals: routeSignals({ ...read, fit: null, history: aboutProject(past) }), words: read.words });
    }
    return past;
  }

  async #fit(question: string): Promise<NonNullable<SignalSources['fit']>> {
    const { project, embedder } = this.#parts;
    const [best, background] = await Promise.all([
      probe(project, analyseQuestion(question), embedder),
      this.#measured(),
    ]);
    return { best, background };
  }

  #measured(): Promise<Background> {
    const { project, embedder } = this.#parts;
    const files = project.catalogue.fileCount();
    const before = this.#background;
    if (before !== null && Math.abs(files - before.files) <= changedShare * before.files) return before.measured;
    const measured = measureBackground(project, embedder);
    this.#background = { files, measured };
    // Tried again with the next message.
    measured.catch(() => (this.#background = null));
    return measured;
  }
}

/** How likely a conversation is about the project, 0.5 of none. */
function aboutProject(past: readonly Evidence[]): number {
  const last = past.at(-1);
  return last === undefined ? 0.5 : likelihood(last.signals);
}

/** How likely a message needs the project, 0.5 where it is to be retrieved for. */
function likelihood(signals: readonly number[]): number {
  const start = model.bias - model.threshold;
  const sum = signals.reduce((total, value, index) => total + value * (model.weights[index] ?? 0), start);
  return 1 / (1 + Math.exp(-sum));
}
