import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const functionsPerFile = 60;

/** One file of a large project; `edition` makes another content of it. */
export function largeFile(number: number, edition = 0): string {
  const functions = Array.from({ length: functionsPerFile }, (_, index) => {
    const name = `compute${number}x${index}`;
    return `/** Step ${index} of ${number}. */\nexport function ${name}(value: number) {\n  return value * ${index} + ${edition};\n}\n`;
  });
  return functions.join('\n');
}

/** A project of generated code in small chunks, so that indexing it takes many writes to the store. */
export function writeLargeProject(folder: string, files: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.lorekeep.json'), JSON.stringify({ chunkCharacters: 100 }));
  for (let number = 0; number < files; number++) writeFileSync(join(folder, `module-${number}.ts`), largeFile(number));
}
