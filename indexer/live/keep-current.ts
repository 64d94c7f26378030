import { ServiceError, toServiceError } from '../../src/core/errors.ts';
import type { LiveState, WatchMode } from '../../src/core/live.ts';
import type { IndexReport } from '../run/index-report.ts';
import { BackOff } from './back-off.ts';
import type { KeepParts, KeptWatchListener, RefreshOutcome } from './keep-current-ports.ts';
import { type KeepSituation, nextStep } from './keep-schedule.ts';
import { PendingPaths } from './pending-paths.ts';
import { StoreTidier } from './store-tidier.ts';

/** Files in one refresh. */
const refreshFiles = 2_000;
/** The first comparison waits so long for the watcher, so that no change falls between the two. */
const watchGraceMs = 1_000;
/** The first comparison by contents comes soon after the start, for a process that is started anew each day. */
const hashMs = { first: 3_600_000, next: 86_400_000 } as const;

/**
 * Keeps the index of one project current: changed files are looked at as the watcher tells of them, and all files are compared with the
 * index at the start, on doubt, on request and from time to time. What fails is tried again, later each time; nothing is lost meanwhile.
 */
export class IndexKeeper<Refreshed extends RefreshOutcome> {
  readonly #parts: KeepParts<Refreshed>;
  readonly #controller = new AbortController();
  readonly #pending = new PendingPaths();
  readonly #backOff = new BackOff();
  readonly #tidier: StoreTidier;
  readonly #startedAt: number;
  #requests: PromiseWithResolvers<IndexReport>[] = [];
  #doubt: KeepSituation['doubt'] = null;
  #checked: (NonNullable<KeepSituation['checked']> & { readonly beganAt: number }) | null = null;
  #hashAt: number;
  #watchReady = false;
  #watching: Promise<{ close(): Promise<void> } | null> = Promise.resolve(null);
  #mode: { mode: WatchMode; reason: string | null } = { mode: 'events', reason: null };
  #working: Promise<void> | null = null;
  #afterRefresh = false;
  #cancelTimer: () => void = () => undefined;
  #told = '';

  constructor(parts: KeepParts<Refreshed>) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.#hashAt = this.#startedAt + hashMs.first;
    this.#tidier = new StoreTidier({
      tidy: () => parts.index.tidy(this.#controller.signal),
      now: () => parts.clock.now(),
      onEnd: () => this.#advance(),
    });
  }

  /** Begins to watch and to work; to be called once. */
  start(): void {
    this.#watching = this.#watch();
    this.#advance();
  }

  /** Notes files that may have changed, by project-relative paths. */
  note(paths: readonly string[]): void {
    if (paths.length === 0) return;
    const now = this.#parts.clock.now();
    const oldest = this.#pending.since ?? now;
    if (!this.#pending.note(paths, now)) this.#noteDoubt(oldest);
    this.#tidier.touched();
    this.#advance();
  }

  /**
   * Compares all files with the index, in a run that begins after the call; resolves when what differs is recorded. Errors: those of the
   * run, and `aborted` when the keeper is closed.
   */
  bringUpToDate(): Promise<IndexReport> {
    const request = Promise.withResolvers<IndexReport>();
    if (this.#controller.signal.aborted) request.reject(stopped());
    else this.#requests.push(request);
    this.#advance();
    return request.promise;
  }

  /** What it says of itself now. */
  state(): LiveState {
    const since = [this.#pending.since, this.#doubt?.since ?? null].filter((time) => time !== null);
    return {
      pid: this.#parts.pid,
      startedAt: isoTime(this.#startedAt),
      ...this.#mode,
      pendingFiles: this.#pending.count,
      pendingSince: since.length === 0 ? null : isoTime(Math.min(...since)),
      checkedAt: this.#checked === null ? null : isoTime(this.#checked.beganAt),
      problem: this.#backOff.problem ?? this.#tidier.problem,
    };
  }

  /** Stops in order, and resolves when nothing runs any more. What was not recorded is found by the next start. */
  async close(): Promise<void> {
    this.#controller.abort(stopped());
    this.#cancelTimer();
    for (const { reject } of this.#requests.splice(0)) reject(stopped());
    await (await this.#watching)?.close();
    await this.#working;
    await this.#tidier.settle();
  }

  async #watch(): Promise<{ close(): Promise<void> } | null> {
    const listener: KeptWatchListener = {
      onPaths: (paths) => this.note(paths),
      onDoubt: () => this.#noteDoubt(this.#parts.clock.now()),
      onMode: (mode, reason) => {
        this.#mode = { mode, reason };
        this.#tell();
      },
    };
    try {
      return await this.#parts.watch(listener);
    } catch (error) {
      listener.onMode('reconcile_only', toServiceError(error).message);
      return null;
    } finally {
      this.#watchReady = true;
      // What changed between the comparison and the watcher's beginning nobody has seen.
      const isEarlier = this.#checked !== null || this.#working !== null;
      if (isEarlier) this.#noteDoubt(this.#parts.clock.now());
      else this.#advance();
    }
  }

  #noteDoubt(since: number): void {
    const now = this.#parts.clock.now();
    this.#doubt = { since: Math.min(this.#doubt?.since ?? now, since), last: now };
    this.#advance();
  }

  /** Does what is due, or sets the timer for what will be. */
  #advance(): void {
    this.#tell();
    this.#cancelTimer();
    if (this.#controller.signal.aborted) return;
    const isBusy = this.#working !== null;
    const tidyAt = this.#tidier.begin(isBusy || !this.#pending.isEmpty);
    if (isBusy) return;
    const step = nextStep(this.#situation());
    if (step.kind === 'wait') {
      const time = Math.min(step.until, tidyAt);
      if (time < Infinity) this.#cancelTimer = this.#parts.clock.at(time, () => this.#advance());
      return;
    }
    const work = step.kind === 'refresh' ? this.#refresh() : this.#reconcile(step.byHash);
    this.#working = work.finally(() => {
      this.#working = null;
      this.#tidier.touched();
      this.#advance();
    });
  }

  #situation(): KeepSituation {
    const now = this.#parts.clock.now();
    return {
      now,
      hasPaths: !this.#pending.isEmpty,
      isRequested: this.#requests.length > 0,
      doubt: this.#doubt,
      checked: this.#checked,
      firstAt: this.#watchReady ? this.#startedAt : this.#startedAt + watchGraceMs,
      hashAt: this.#hashAt,
      reconcileMs: this.#parts.reconcileMs,
      retryAt: this.#backOff.retryAt,
      afterRefresh: this.#afterRefresh,
    };
  }

  async #refresh(): Promise<void> {
    const { index, listener } = this.#parts;
    const paths = this.#pending.take(refreshFiles);
    this.#afterRefresh = true;
    try {
      const report = await index.refresh(paths, this.#controller.signal);
      this.#pending.done();
      this.#succeeded(report.pendingChunks);
      listener.onRefreshed(report, paths);
    } catch (error) {
      this.#pending.giveBack();
      this.#failed(error);
    }
  }

  async #reconcile(byHash: boolean): Promise<void> {
    const { index, listener, clock } = this.#parts;
    const requests = this.#requests.splice(0);
    const doubt = this.#doubt;
    this.#doubt = null;
    this.#afterRefresh = false;
    try {
      const { report, beganAt } = await this.#inTurn(async () => {
        const began = clock.now();
        return { report: await index.reconcile({ byHash, signal: this.#controller.signal }), beganAt: began };
      });
      if (report.aborted) throw stopped();
      const endedAt = clock.now();
      if (byHash) this.#hashAt = endedAt + hashMs.next;
      this.#checked = { beganAt, endedAt, tookMs: endedAt - beganAt };
      const isNews = report.added + report.changed + report.removed + report.repaired > 0;
      this.#succeeded(isNews ? null : 0);
      listener.onReconciled(report);
      for (const { resolve } of requests) resolve(report);
    } catch (error) {
      if (doubt !== null) this.#noteDoubt(doubt.since);
      this.#failed(error);
      for (const { reject } of requests) reject(toServiceError(error));
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const { inTurn } = this.#parts;
    return this.#checked === null && inTurn !== undefined ? inTurn(work) : work();
  }

  /** `waitingChunks` is null for an unknown number. */
  #succeeded(waitingChunks: number | null): void {
    this.#backOff.succeeded();
    this.#tidier.waiting(waitingChunks);
  }

  #failed(error: unknown): void {
    if (this.#controller.signal.aborted) return;
    this.#backOff.failed(this.#parts.clock.now(), toServiceError(error).message);
  }

  #tell(): void {
    const state = this.state();
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.#parts.listener.onState(state);
  }
}

function stopped(): ServiceError {
  return new ServiceError('aborted', 'The index is no longer kept current: the process that did so is ending.');
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
