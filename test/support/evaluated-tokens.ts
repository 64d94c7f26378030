/** What Ollama has read for one call. */
export interface ReadPrompt {
  /** Tokens of the prompt. */
  readonly prompt: number;
  /** Tokens that were not in its cache. */
  readonly evaluated: number;
}

/** Keeps what an Ollama that logs in all detail says of its prompt cache, call by call. */
export class EvaluatedTokens {
  readonly #read: ReadPrompt[] = [];

  /** To be told every line of the log. */
  readonly onLogLine = (line: string): void => {
    const [, prompt, evaluated] = /loading cache slot.* prompt=(\d+) used=\d+ remaining=(\d+)/.exec(line) ?? [];
    if (evaluated !== undefined) this.#read.push({ prompt: Number(prompt), evaluated: Number(evaluated) });
  };

  /** The last call. Its line is there before the call has answered. */
  last(): ReadPrompt {
    const last = this.#read.at(-1);
    if (last === undefined) throw new Error('Ollama has logged no prompt: does this version write other lines?');
    return last;
  }
}
