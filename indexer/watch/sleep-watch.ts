/** The two clocks that tell a sleep, in milliseconds. */
export interface SleepClocks {
  /** Time of day; goes on while the computer sleeps. */
  wall(): number;
  /** Time that the computer was awake; on some systems it goes on as well. */
  awake(): number;
}

export const systemSleepClocks: SleepClocks = { wall: () => Date.now(), awake: () => performance.now() };

/** The clocks may drift apart by as much without anyone having slept. */
const driftMs = 5000;
/** Where both clocks go on, a look that comes as late is taken for a sleep: no work holds up a program for as long. */
const longestPauseMs = 60_000;

/** Notices that the computer has slept or its clock was set since the last look. */
export class SleepWatch {
  readonly #clocks: SleepClocks;
  #wall: number;
  #awake: number;

  constructor(clocks: SleepClocks) {
    this.#clocks = clocks;
    this.#wall = clocks.wall();
    this.#awake = clocks.awake();
  }

  /** To be called every few seconds. */
  hasSlept(): boolean {
    const wall = this.#clocks.wall();
    const awake = this.#clocks.awake();
    const wallMs = wall - this.#wall;
    const awakeMs = awake - this.#awake;
    this.#wall = wall;
    this.#awake = awake;
    return Math.abs(wallMs - awakeMs) > driftMs || awakeMs > longestPauseMs;
  }
}
