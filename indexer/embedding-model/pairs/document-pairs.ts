import { fencedBlock, paragraphsOf, splitSentences } from '../../questions/sentences.ts';
import { type Block, type BlockFile, maxBlockChars } from './pair.ts';

const shell = /^(?:sh|bash|console|shell|zsh|text|txt|json|yaml|yml|toml|xml|html|diff|mermaid|ini|output)$/i;
const minExampleChars = 60;
const maxMentions = 400;
const minNameLength = 5;

/** Examples of a Markdown document with the prose and heading before each. */
export function documentPairs(text: string): BlockFile {
  const blocks: Block[] = [];
  let at = 0;
  for (const match of text.matchAll(fencedBlock)) {
    const before = text.slice(at, match.index);
    at = match.index + match[0].length;
    const code = match[3] ?? '';
    if (shell.test(match[2] ?? '') || code.length < minExampleChars) continue;
    const sentence = splitSentences(lastParagraph(before)).at(-1);
    if (sentence === undefined) continue;
    const heading = /(?:^|\n)#{1,6} ([^\n]+)(?![\s\S]*\n#{1,6} )/.exec(before)?.[1] ?? '';
    const questions = [{ kind: 'readme' as const, text: `${heading} ${sentence}`.trim() }];
    blocks.push({ code: code.slice(0, maxBlockChars), questions, name: '' });
  }
  return { path: '', language: 'markdown', blocks };
}

function lastParagraph(text: string): string {
  return (
    text
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? ''
  );
}

/** Sentences of a document that name an identifier in backquotes, by that identifier. */
export function mentionsIn(text: string): readonly { readonly name: string; readonly sentence: string }[] {
  const found: { name: string; sentence: string }[] = [];
  for (const paragraph of paragraphsOf(text)) {
    const names = [...paragraph.matchAll(/`([A-Za-z_][\w.:#]*)(?:\(\))?`/g)].map((match) => match[1] ?? '');
    const name = names[0]?.split(/[.:#]+/).at(-1);
    if (name === undefined || name.length < minNameLength) continue;
    const sentence = splitSentences(paragraph.replace(/\s+/g, ' ')).find((part) => part.includes(name));
    if (sentence !== undefined) found.push({ name, sentence });
    if (found.length >= maxMentions) break;
  }
  return found;
}
