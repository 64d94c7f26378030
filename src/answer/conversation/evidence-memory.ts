import type { Evidence } from '../../core/answer.ts';

/** Evidence that was put in front of a user's message. */
export interface GivenEvidence {
  /** As it stood in the prompt. */
  readonly block: string;
  readonly evidence: readonly Evidence[];
  /** The files behind it, as they were then. */
  readonly files: readonly GivenFile[];
}

export interface GivenFile {
  readonly project: string;
  readonly path: string;
  /** SHA-256 of its bytes, null where nobody knows. */
  readonly hash: string | null;
}

/**
 * Remembers what evidence each message of a conversation was given. Clients send a conversation whole and without it; sent again
 * unchanged, it is read from the model server's cache, where any change would make the server read everything behind it anew.
 */
export class EvidenceMemory {
  readonly #maxCharacters: number;
  /** Least recently used first. */
  readonly #given = new Map<string, GivenEvidence>();
  #characters = 0;

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
  }

  recall(key: string): GivenEvidence | null {
    const given = this.#given.get(key);
    if (given === undefined) return null;
    this.#given.delete(key);
    this.#given.set(key, given);
    return given;
  }

  remember(key: string, given: GivenEvidence): void {
    this.#forget(key);
    this.#given.set(key, given);
    this.#characters += given.block.length;
    for (const oldest of this.#given.keys()) {
      if (this.#characters <= this.#maxCharacters) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#characters -= this.#given.get(key)?.block.length ?? 0;
    this.#given.delete(key);
  }
}
