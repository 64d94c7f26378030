/** A prompt that begins like the last one is read from the server's cache and says nothing about how fast or how much it reads. */
const maxCachedShare = 0.25;

/** Remembers the prompt that a model has read last. */
export class LastPrompt {
  #text = '';

  /** Whether a good part of a prompt was in the one before. */
  resembles(prompt: string): boolean {
    let shared = 0;
    while (shared < prompt.length && prompt[shared] === this.#text[shared]) shared += 1;
    return shared > prompt.length * maxCachedShare;
  }

  remember(prompt: string): void {
    this.#text = prompt;
  }
}
