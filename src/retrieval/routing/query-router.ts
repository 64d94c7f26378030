import type { QueryRouter, Route, RouteRequest } from '../../core/gateway/route.ts';
import type { SearchableProject } from '../gather.ts';
import { analyseQuestion } from '../query-analysis.ts';
import { searchQuestion } from './follow-up.ts';
import { messageWords, type MessageWord, proseOf } from './message-words.ts';
import { type Background, margin, margins, measureBackground, probe } from './probe.ts';
import { ProjectWords } from './project-words.ts';
import model from './route-model.json' with { type: 'json' };
import { noRoute, retrieving, whyNot } from './routes.ts';
import { routeSignals, signalNames, type SignalSources } from './route-signals.ts';
import { isBackgroundTask } from './wording.ts';
import { wordingScore } from './wording-model.ts';

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

type ReadMessage = Omit<SignalSources, 'margin' | 'history'>;

/** A message that spells out a path of the project is about the project; a mere file name may be that of any project. */
const fileLikelihood = 0.95;
/** Earlier messages that still count. */
const rememberedMessages = 3;
/** What general messages find is measured again when the number of files has changed by this share. */
const changedShare = 0.1;

/**
 * Decides by rules where they are certain (background tasks of clients, named files), else by a logistic model over cheap
 * signals that was fitted to labelled messages (test/relevance/router). The index is asked how well it fits the message only
 * where that can change the decision.
 */
export class SignalRouter implements QueryRouter {
  readonly #project: SearchableProject;
  readonly #words: ProjectWords;
  #background: { readonly files: number; readonly measured: Promise<Background> } | null = null;

  constructor(project: SearchableProject) {
    this.#project = project;
    this.#words = new ProjectWords(project.catalogue);
  }

  async route(request: RouteRequest, signal?: AbortSignal): Promise<Route> {
    signal?.throwIfAborted();
    const { route } = await this.decide(request);
    signal?.throwIfAborted();
    return route;
  }

  /** As `route`, with the signals behind it; `asksAlways` asks the index even where that changes nothing. */
  async decide({ question, history }: RouteRequest, asksAlways = false): Promise<Decision> {
    const none = { signals: signalNames.map(() => 0), words: [], past: [] };
    if (isBackgroundTask(question)) return { route: noRoute('A chat client asked this by itself.', 1), ...none };
    if (question.trim() === '') return { route: noRoute('The message is empty.', 1), ...none };
    this.#words.refresh();
    const message = this.#read(question);
    const past = this.#past(history.slice(-rememberedMessages));
    const signals = routeSignals({ ...message, margin: 0, history: aboutProject(past) });
    if (asksAlways || isOpen(signals)) signals[marginAt] = await this.#margin(searchQuestion(question, history));
    const likely = Math.max(message.paths.length > 0 ? fileLikelihood : 0, likelihood(signals));
    const route =
      likely >= 0.5
        ? retrieving({ ...message, files: this.#files(message) }, likely)
        : noRoute(whyNot(message.prose), 1 - likely);
    return { route, signals, words: message.words, past };
  }

  #read(question: string): ReadMessage {
    const query = analyseQuestion(question);
    const prose = proseOf(question);
    const words = messageWords(prose, this.#words);
    const paths = this.#words.filesNamed(query.paths.filter((path) => path.includes('/')));
    const fileNames = this.#words.filesNamed(query.paths.filter((path) => !path.includes('/')));
    return { query, prose, words, paths, fileNames, known: this.#words, wording: wordingScore(words) };
  }

  /** The files that the message asks for: a stack trace names others. */
  #files({ query, prose }: ReadMessage): readonly string[] {
    const lower = prose.toLowerCase();
    return this.#words.filesNamed(query.paths.filter((path) => lower.includes(path)));
  }

  /** What was said before, by its words alone: the index is asked for the message only. */
  #past(history: readonly string[]): Evidence[] {
    const past: Evidence[] = [];
    for (const message of history) {
      const read = this.#read(message);
      past.push({ signals: routeSignals({ ...read, margin: 0, history: aboutProject(past) }), words: read.words });
    }
    return past;
  }

  async #margin(question: string): Promise<number> {
    const [fit, background] = await Promise.all([probe(this.#project, question), this.#measured()]);
    return margin(fit, background);
  }

  #measured(): Promise<Background> {
    const files = this.#project.catalogue.fileCount();
    const before = this.#background;
    if (before !== null && Math.abs(files - before.files) <= changedShare * before.files) return before.measured;
    const measured = measureBackground(this.#project);
    this.#background = { files, measured };
    // Tried again with the next message.
    measured.catch(() => (this.#background = null));
    return measured;
  }
}

const marginAt = signalNames.indexOf('lexical-margin');

/** Whether the index could still turn the decision. */
function isOpen(signals: readonly number[]): boolean {
  const retrievesAt = (value: number): boolean => likelihood(signals.with(marginAt, value)) >= 0.5;
  return retrievesAt(margins.least) !== retrievesAt(margins.most);
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
