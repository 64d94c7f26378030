/** How long something may take that is to be told. */
const deadlineMs = 30_000;

/** Waits for what is told. */
export class Told {
  readonly #looks = new Set<() => void>();

  /** Something has been told. */
  wake(): void {
    for (const look of this.#looks) look();
  }

  /** Resolves when something holds, looked at each time something is told; rejects at the deadline, with what is known. */
  async until(what: string, holds: () => boolean, known: () => string): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
      };
      const look = (): void => {
        if (!holds()) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`Not in time: ${what}. Told: ${known()}`));
      }, deadlineMs);
      this.#looks.add(look);
    });
  }
}
