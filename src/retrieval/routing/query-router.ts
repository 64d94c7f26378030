import type { CatalogueReader } from '../../core/catalogue.ts';
import type { QueryRouter, Route, RouteRequest } from '../../core/gateway/route.ts';
import { analyseQuestion } from '../query-analysis.ts';
import { messageWords, type MessageWord } from './message-words.ts';
import { takeApart } from './pasted-code.ts';
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

type ReadMessage = Omit<SignalSources, 'history'>;

/** A message that spells out a path of the project is about the project; a mere file name may be that of any project. */
const fileLikelihood = 0.95;
/** Earlier messages that still count. */
const rememberedMessages = 3;

/**
 * Decides by rules where they are certain (background tasks of clients, named files), else by a logistic model over cheap
 * signals that was fitted to labelled messages (test/relevance/router). It looks names and words up in the catalogue; the
 * store is not asked, since what it finds for a message hardly tells whether it is needed.
 */
export class SignalRouter implements QueryRouter {
  readonly #words: ProjectWords;

  constructor(project: { readonly catalogue: CatalogueReader }) {
    this.#words = new ProjectWords(project.catalogue);
  }

  async route(request: RouteRequest, signal?: AbortSignal): Promise<Route> {
    signal?.throwIfAborted();
    return this.decide(request).route;
  }

  /** As `route`, with the signals behind it. */
  decide({ question, history }: RouteRequest): Decision {
    const none = { signals: signalNames.map(() => 0), words: [], past: [] };
    if (isBackgroundTask(question)) return { route: noRoute('A chat client asked this by itself.', 1), ...none };
    if (question.trim() === '') return { route: noRoute('The message is empty.', 1), ...none };
    this.#words.refresh();
    const message = this.#read(question);
    const past = this.#past(history.slice(-rememberedMessages));
    const signals = routeSignals({ ...message, history: aboutProject(past) });
    const likely = Math.max(message.paths.length > 0 ? fileLikelihood : 0, likelihood(signals));
    const route =
      likely >= 0.5
        ? retrieving({ ...message, files: this.#files(message) }, likely)
        : noRoute(whyNot(message.prose), 1 - likely);
    return { route, signals, words: message.words, past };
  }

  #read(question: string): ReadMessage {
    const query = analyseQuestion(question);
    const { prose, code } = takeApart(question);
    const words = messageWords(prose, this.#words);
    const paths = this.#words.filesNamed(query.paths.filter((path) => path.includes('/')));
    const fileNames = this.#words.filesNamed(query.paths.filter((path) => !path.includes('/')));
    return { query, prose, code, words, paths, fileNames, known: this.#words, wording: wordingScore(words) };
  }

  /** The files that the message asks for: a stack trace names others. */
  #files({ query, prose }: ReadMessage): readonly string[] {
    const lower = prose.toLowerCase();
    return this.#words.filesNamed(query.paths.filter((path) => lower.includes(path)));
  }

  /** What was said before. */
  #past(history: readonly string[]): Evidence[] {
    const past: Evidence[] = [];
    for (const message of history) {
      const read = this.#read(message);
      past.push({ signals: routeSignals({ ...read, history: aboutProject(past) }), words: read.words });
    }
    return past;
  }
}

/** Log-odds at which a message counts as surely about the project. */
const sureOdds = 3;

/** Whether the messages of a conversation are about the project, on average, -1 to 1; 0 of none. */
function aboutProject(past: readonly Evidence[]): number {
  const sum = past.reduce((total, { signals }) => total + Math.min(1, Math.max(-1, odds(signals) / sureOdds)), 0);
  return past.length === 0 ? 0 : sum / past.length;
}

/** Log-odds that a message needs the project, 0 where it is to be retrieved for. */
function odds(signals: readonly number[]): number {
  return signals.reduce((sum, value, index) => sum + value * (model.weights[index] ?? 0), model.bias - model.threshold);
}

/** How likely a message needs the project. */
function likelihood(signals: readonly number[]): number {
  return 1 / (1 + Math.exp(-odds(signals)));
}
