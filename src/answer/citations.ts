import { readUnit } from './answer-units.ts';
import type { ReadingState } from './answer-units.ts';
import { readReferences } from './citation-form.ts';

/** What became of the citations of an answer. */
export interface CitationOutcome {
  /** Numbers of the evidence that the answer cites, in order of first mention. */
  readonly cited: readonly number[];
  /** Citations that resolve to nothing, as the model wrote them; they are not in the text. */
  readonly removed: readonly string[];
}

/**
 * Checks the citations of an answer while it streams. Citations that resolve come out as `[1]` or `[1][2]`, whatever
 * form the model chose; those that do not are taken out. Code, fenced or inline, is never touched: there `[1]` is an
 * index. However the text is split into pieces, the outcome is the same.
 */
export class CitationFilter {
  readonly #evidenceCount: number;
  readonly #cited = new Set<number>();
  readonly #removed: string[] = [];
  #pending = '';
  /** Fence that is open (its run of signs), '' outside code. */
  #fence = '';
  /** Whether a reference that resolves to nothing (`[9]: src/gone.ts` on a line of its own) is being left out. */
  #leavingOut: 'no' | 'from-colon' | 'line' = 'no';
  /** The output's last characters: whether a bracket stands at a line's start or behind an identifier. */
  #before = '\n';

  /** Evidence is numbered from 1 to `evidenceCount`. */
  constructor(evidenceCount: number) {
    this.#evidenceCount = evidenceCount;
  }

  /** Takes the next piece of the answer and returns what can be shown of it by now. */
  push(text: string): string {
    this.#pending += text;
    return this.#drain(false);
  }

  /** The answer is over: returns the rest of it. */
  end(): string {
    return this.#drain(true);
  }

  outcome(): CitationOutcome {
    return { cited: [...this.#cited], removed: [...this.#removed] };
  }

  #drain(final: boolean): string {
    let output = '';
    while (this.#pending !== '') {
      this.#leaveOut();
      const unit = this.#pending === '' ? null : readUnit(this.#pending, this.#state(final));
      if (unit === null) break;
      this.#pending = this.#pending.slice(unit.source.length);
      this.#fence = unit.fence;
      const shown = unit.kind === 'bracket' ? this.#resolve(unit.source) : unit.source;
      output += shown;
      this.#before = (this.#before + shown).slice(-maxLookBehind);
    }
    return output;
  }

  #state(final: boolean): ReadingState {
    return { fence: this.#fence, before: this.#before, final };
  }

  /** Drops the rest of the line of a reference that resolves to nothing. */
  #leaveOut(): void {
    if (this.#leavingOut === 'from-colon') this.#leavingOut = /^[:：]/.test(this.#pending) ? 'line' : 'no';
    if (this.#leavingOut === 'no') return;
    const lineEnd = this.#pending.indexOf('\n');
    if (lineEnd >= 0) this.#leavingOut = 'no';
    this.#pending = lineEnd < 0 ? '' : this.#pending.slice(lineEnd + 1);
  }

  /** A bracket with the spaces before it, as it is to be shown. */
  #resolve(source: string): string {
    const spaces = /^[ \t]*/.exec(source)?.[0] ?? '';
    const bracket = source.slice(spaces.length);
    const references = readReferences(bracket, this.#before + spaces, this.#evidenceCount);
    if (references === null) return source;
    const known = references.filter(({ last }) => last <= this.#evidenceCount);
    const unknown = references.filter(({ last }) => last > this.#evidenceCount);
    if (unknown.length > 0)
      this.#removed.push(known.length === 0 ? bracket : `[${unknown.map(({ written }) => written).join(', ')}]`);
    if (known.length === 0) {
      if (this.#before.endsWith('\n')) this.#leavingOut = 'from-colon';
      return '';
    }
    const numbers = known.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
    for (const number of numbers) this.#cited.add(number);
    return spaces + numbers.map((number) => `[${number}]`).join('');
  }
}

const maxLookBehind = 64;
