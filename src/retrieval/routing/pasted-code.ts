/** A message, taken apart into what its author wrote and the code that it brings along. */
export interface TakenApart {
  /** Without the code, for which `codeMark` stands; cut to its beginning and end. */
  readonly prose: string;
  /** Between fences, or lines that look like code; cut. */
  readonly code: string;
}

/** Stands where code was, in prose. */
export const codeMark = '\u0001';
/** Prose is read to this length; of longer one the beginning and the end. */
const maxProse = 4000;
/** What is behind is not even looked at. */
const maxMessage = 200_000;
const maxCode = 4000;
const fences = /```(?:[^\n`]*\n)?([\s\S]*?)(?:```|$)/g;

/** Takes the code out of a message: between fences, and what was pasted below a question without any. Pure. */
export function takeApart(message: string): TakenApart {
  const code: string[] = [];
  const unfenced = message.slice(0, maxMessage).replace(fences, (_, fenced: string) => {
    code.push(fenced);
    return ` ${codeMark} `;
  });
  const prose = withoutCodeLines(unfenced, code);
  return {
    prose: prose.length <= maxProse ? prose : `${prose.slice(0, maxProse / 2)} ${prose.slice(-maxProse / 2)}`,
    code: code.join('\n').slice(0, maxCode),
  };
}

/** What a person wrote in a message, without the code, cut to its beginning and end. Pure. */
export function proseOf(message: string): string {
  return takeApart(message).prose;
}

const codeLine =
  /^[ \t]{0,40}(?:def |class |func |fn |function |const |let |var |import |from \S+ import|public |private |#include|SELECT |for ?\(|if ?\(|while ?\(|at [\w.$<>]+ ?\(|return\b|[})\]]|[\w.]{1,80}\([^()]{0,80}\);?$)|[;{]\s*$|^(?: {2,}|\t)\S.*[(){}=<>]/;
/** A line is told by its beginning. */
const readOfLine = 300;

function withoutCodeLines(text: string, code: string[]): string {
  const [first = '', ...rest] = text.split('\n');
  const lines = [first];
  for (const line of rest) {
    if (!codeLine.test(line.slice(0, readOfLine))) lines.push(line);
    else {
      code.push(line);
      if (lines.at(-1) !== codeMark) lines.push(codeMark);
    }
  }
  return lines.join('\n');
}
