import { IndexKeeper } from '../../indexer/keep/keep-current.ts';
import type { KeptIndex } from '../../indexer/keep/keep-ports.ts';
import type { TidyDue } from '../../indexer/live/live-index.ts';
import type { RefreshReport } from '../../indexer/live/refresh-report.ts';
import type { IndexReport } from '../../indexer/run/index-report.ts';
import type { WatchListener } from '../../indexer/watch/watch-listener.ts';
import type { ServiceError } from '../../src/core/errors.ts';
import type { LiveState } from '../../src/core/live.ts';
import { HandClock, settled } from './hand-clock.ts';
import { indexReport } from './index-report.ts';

/** A keeper over an index that only notes what is asked of it. */
export class KeeperBench implements KeptIndex {
  readonly clock = new HandClock();
  readonly did: string[] = [];
  readonly states: LiveState[] = [];
  listener!: WatchListener;
  /** What the next comparisons and refreshes wait for. */
  gates: { reconcile: Promise<unknown>; refresh: Promise<unknown> } = {
    reconcile: Promise.resolve(),
    refresh: Promise.resolve(),
  };
  failure: ServiceError | null = null;
  due: TidyDue = 'nothing';
  /** What a tidying leaves. */
  left: TidyDue = 'nothing';
  tidyFailure: ServiceError | null = null;
  report: Partial<IndexReport> = {};
  watchGate: Promise<unknown> = Promise.resolve();
  watchFailure: ServiceError | null = null;
  closedWatches = 0;
  readonly keeper = new IndexKeeper({
    index: this,
    watch: (listener) => this.#watch(listener),
    clock: this.clock,
    listener: {
      onState: (state) => this.states.push(state),
      onReconciled: () => undefined,
      onRefreshed: () => undefined,
    },
    pid: 7,
    reconcileMs: 120_000,
  });

  async reconcile({ byHash }: { readonly byHash?: boolean }): Promise<IndexReport> {
    this.did.push(byHash === true ? 'hash' : 'reconcile');
    await this.gates.reconcile;
    if (this.failure !== null) throw this.failure;
    return indexReport(this.report);
  }

  async refresh(paths: readonly string[]): Promise<RefreshReport> {
    this.did.push(`refresh ${paths.join(' ')}`);
    await this.gates.refresh;
    if (this.failure !== null) throw this.failure;
    if (this.due === 'nothing') this.due = 'when_idle';
    const changed = paths.length;
    return { added: 0, changed, removed: 0, unchanged: 0, parsed: changed, skipped: 0, chunks: changed, elapsedMs: 0 };
  }

  async tidy(): Promise<void> {
    this.did.push('tidy');
    if (this.tidyFailure !== null) throw this.tidyFailure;
    this.due = this.left;
  }

  /** What was done since the last call. */
  news(): string[] {
    return this.did.splice(0);
  }

  async started(): Promise<this> {
    this.keeper.start();
    await settled();
    this.news();
    return this;
  }

  async #watch(listener: WatchListener): Promise<{ close(): Promise<void> }> {
    this.listener = listener;
    await this.watchGate;
    if (this.watchFailure !== null) throw this.watchFailure;
    return {
      close: async () => {
        this.closedWatches++;
      },
    };
  }
}
