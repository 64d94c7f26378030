/** Functions of one file: the names never change, so that they can be asked for. */
const functionsPerFile = 5;
const linesPerFunction = 9;

/** What a file of the project is made of; each function tells how often it was edited. */
export interface MutatedFile {
  readonly path: string;
  readonly functions: readonly { readonly name: string; readonly edits: number }[];
  /** Comment lines above all else. */
  readonly lead: number;
}

/** Files to begin with. */
export function firstFiles(count: number): readonly MutatedFile[] {
  return Array.from({ length: count }, (_, file) => ({
    path: `src/area${file % 3}/file${file}.ts`,
    functions: Array.from({ length: functionsPerFile }, (_none, place) => ({
      name: `weigh${file}x${place}`,
      edits: 0,
    })),
    lead: 1,
  }));
}

/** The text of a file: each line of it tells where it comes from, so that no old line looks like a new one. */
export function textOf({ path, functions, lead }: MutatedFile): string {
  const head = Array.from({ length: lead }, (_, line) => `// Note ${line} of ${lead} in ${path}.\n`);
  const bodies = functions.map(({ name, edits }) => {
    const lines = Array.from(
      { length: linesPerFunction },
      (_, line) => `  total += scale('${name}', ${line}, ${edits});\n`,
    );
    return `\n/** Weighs parcels by ${name}. */\nexport function ${name}(total: number): number {\n${lines.join('')}  return total;\n}\n`;
  });
  return head.join('') + bodies.join('');
}
