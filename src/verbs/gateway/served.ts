import type { Gatekeeper } from '../../core/gateway/caller.ts';
import type { AuditLog } from '../../core/gateway/trace.ts';
import type { ProjectKnowledge } from './evidence/knowledge.ts';
import type { Gateway, ServedProject } from './gateway.ts';

/** What `lorekeep serve` serves, and to whom. */
export interface ServeRequest {
  /** Absolute paths of the projects' folders; what has no index is indexed. */
  readonly folders: readonly string[];
  /** Lets callers without a key in. */
  readonly allowAnonymous: boolean;
}

/** The running service behind its surfaces. */
export interface ServedParts {
  readonly gateway: Gateway;
  readonly gatekeeper: Gatekeeper;
  readonly audit: AuditLog;
  /**
   * Makes a key where there is none yet and one is needed; null else. To be called when the service listens: a key that is made
   * and never shown is lost.
   */
  readonly makeFirstKey: () => Promise<string | null>;
  /** Sentences that whoever starts the service should read. */
  readonly notices: readonly string[];
  /** Ends what runs in the background and writes what is not on disk yet. */
  close(): Promise<void>;
}

/** The projects that are served, and the state of their indexes. */
export interface ServedProjects {
  /** Names, in the order they were given. */
  names(): readonly string[];
  /** What is known of the named projects now, and sentences about those that cannot be searched. */
  ready(
    names: readonly string[],
  ): Promise<{ readonly knowledge: ProjectKnowledge | null; readonly notices: readonly string[] }>;
  states(names: readonly string[]): Promise<readonly ServedProject[]>;
  reindex(name: string): void;
  /** Has files of a project looked at that may have changed. */
  look(name: string, paths: readonly string[]): void;
}
