/** How an index that is kept up to date fares. */
export interface KeptState {
  readonly state: 'ready' | 'indexing' | 'failed';
  /** 0 to 1 while indexing, null else. */
  readonly progress: number | null;
  /** Why the last run failed, null where it did not. */
  readonly problem: string | null;
}

/** Brings indexes up to date in the background: at the start, again and again, and when asked. */
export interface ProjectKeeper {
  state(project: string): KeptState;
  /** Brings a project up to date soon. */
  reindex(project: string): void;
  close(): Promise<void>;
}
