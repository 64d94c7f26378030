/** `nobody` on Linux and macOS alike, as far as file permissions go. */
const plainUser = 65_534;

/** Runs something as a user to whom file permissions apply: root reads everything. */
export async function asPlainUser<Result>(run: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return await run();
  process.seteuid(plainUser);
  try {
    return await run();
  } finally {
    process.seteuid(0);
  }
}
