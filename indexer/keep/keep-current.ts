import { ServiceError, toServiceError } from '../../src/core/errors.ts';
import type { LiveState } from '../../src/core/live.ts';
import type { IndexReport } from '../run/index-report.ts';
import type { WatchListener } from '../watch/watch-listener.ts';
import { BackOff } from './back-off.ts';
import type { KeepParts, NoticingMode } from './keep-ports.ts';
import { compareAt, type CompareSituation } from './compare-schedule.ts';
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
export class IndexKeeper {
  readonly #parts: KeepParts;
  readonly #controller = new AbortController();
  readonly #pending = new PendingPaths();
  readonly #backOff = { refresh: new BackOff(), reconcile: new BackOff() };
  readonly #tidier: StoreTidier;
  readonly #startedAt: number;
  #requests: PromiseWithResolvers<IndexReport>[] = [];
  #doubt: CompareSituation['doubt'] = null;
  #checked: (NonNullable<CompareSituation['checked']> & { readonly beganAt: number }) | null = null;
  #hashAt: number;
  #watchReady = false;
  #watching: Promise<{ close(): Promise<void> } | null> = Promise.resolve(null);
  #mode: NoticingMode = { mode: 'reconcile_only', reason: 'Watching its files has not begun yet.' };
  #refreshing: Promise<void> | null = null;
  #reconciling: Promise<void> | null = null;
  #cancelTimer: () => void = () => undefined;
  #told = '';

  constructor(parts: KeepParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.#hashAt = this.#startedAt + hashMs.first;
    this.#tidier = new StoreTidier({
      due: () => parts.index.due,
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
      problem: this.#backOff.refresh.problem ?? this.#backOff.reconcile.problem ?? this.#tidier.problem,
    };
  }

  /** Stops in order, and resolves when nothing runs any more. What was not recorded is found by the next start. */
  async close(): Promise<void> {
    this.#controller.abort(stopped());
    this.#cancelTimer();
    for (const { reject } of this.#requests.splice(0)) reject(stopped());
    await (await this.#watching)?.close();
    await Promise.all([this.#refreshing, this.#reconciling, this.#tidier.settle()]);
  }

  async #watch(): Promise<{ close(): Promise<void> } | null> {
    const listener: WatchListener = {
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
      const isEarlier = this.#checked !== null || this.#reconciling !== null;
      if (isEarlier) this.#noteDoubt(this.#parts.clock.now());
      else this.#advance();
    }
  }

  #noteDoubt(since: number): void {
    const now = this.#parts.clock.now();
    this.#doubt = { since: Math.min(this.#doubt?.since ?? now, since), last: now };
    this.#advance();
  }

  /** Does what is due, and sets the timer for what will be. */
  #advance(): void {
    this.#cancelTimer();
    if (!this.#controller.signal.aborted) {
      const times = [this.#beginRefresh(), this.#beginReconcile()];
      const isBusy = this.#refreshing !== null || this.#reconciling !== null;
      const next = Math.min(...times, this.#tidier.begin(isBusy));
      if (next < Infinity) this.#cancelTimer = this.#parts.clock.at(next, () => this.#advance());
    }
    this.#tell();
  }

  /** Returns when to ask again. */
  #beginRefresh(): number {
    if (this.#refreshing !== null || this.#pending.isEmpty) return Infinity;
    const { retryAt } = this.#backOff.refresh;
    if (retryAt > this.#parts.clock.now()) return retryAt;
    this.#refreshing = this.#refresh().finally(() => {
      this.#refreshing = null;
      this.#tidier.touched();
      this.#advance();
    });
    return Infinity;
  }

  /** Returns when to ask again. */
  #beginReconcile(): number {
    if (this.#reconciling !== null) return Infinity;
    const now = this.#parts.clock.now();
    const at = compareAt({
      doubt: this.#doubt,
      checked: this.#checked,
      firstAt: this.#watchReady ? this.#startedAt : this.#startedAt + watchGraceMs,
      reconcileMs: this.#parts.reconcileMs,
      retryAt: this.#backOff.reconcile.retryAt,
    });
    if (this.#requests.length === 0 && at > now) return at;
    // Contents are compared when nobody waits for it.
    const isCalm = this.#requests.length === 0 && this.#doubt === null && this.#checked !== null;
    this.#reconciling = this.#reconcile(isCalm && this.#hashAt <= now).finally(() => {
      this.#reconciling = null;
      this.#tidier.touched();
      this.#advance();
    });
    return Infinity;
  }

  async #refresh(): Promise<void> {
    const { index, listener } = this.#parts;
    const paths = this.#pending.take(refreshFiles);
    try {
      const report = await index.refresh(paths, this.#controller.signal);
      this.#pending.done();
      this.#backOff.refresh.succeeded();
      listener.onRefreshed(report, paths);
    } catch (error) {
      this.#pending.giveBack();
      this.#failed('refresh', error);
    }
  }

  async #reconcile(byHash: boolean): Promise<void> {
    const { index, listener, clock } = this.#parts;
    const requests = this.#requests.splice(0);
    const doubt = this.#doubt;
    let beganAt = clock.now();
    this.#doubt = null;
    try {
      const report = await this.#inTurn(() => {
        beganAt = clock.now();
        return index.reconcile({ byHash, signal: this.#controller.signal });
      });
      if (report.aborted) throw stopped();
      const endedAt = clock.now();
      if (byHash) this.#hashAt = endedAt + hashMs.next;
      this.#checked = { beganAt, endedAt, tookMs: endedAt - beganAt };
      this.#backOff.reconcile.succeeded();
      // What failed for the same reason need not wait any longer.
      this.#backOff.refresh.succeeded();
      listener.onReconciled(report);
      for (const { resolve } of requests) resolve(report);
    } catch (error) {
      // Nobody knows what has changed since the last one.
      this.#doubt = { since: doubt?.since ?? beganAt, last: clock.now() };
      this.#failed('reconcile', error);
      for (const { reject } of requests) reject(toServiceError(error));
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const { inTurn } = this.#parts;
    return this.#checked === null && inTurn !== undefined ? inTurn(work) : work();
  }

  #failed(what: 'refresh' | 'reconcile', error: unknown): void {
    if (this.#controller.signal.aborted) return;
    this.#backOff[what].failed(this.#parts.clock.now(), toServiceError(error).message);
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
