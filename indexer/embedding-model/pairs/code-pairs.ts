import { loadGrammar } from '../../../grammars/grammar.ts';
import type { SyntaxSpan, SyntaxTree, SyntaxUnit } from '../../../grammars/syntax-tree.ts';
import { splitIdentifier } from '../../../src/text/words.ts';
import { isTestPath } from '../../questions/code-path.ts';
import { isComment, sentencesOf } from './comment-text.ts';
import { type Block, type BlockFile, maxBlockChars, type Question } from './pair.ts';

const testTitle =
  /\b(?:it|test|describe|context|scenario|specify|feature|testcase|section|t\.run|property)\s*[( ]\s*(["'`])((?:(?!\1)[^\\\n]){8,120})\1/gi;
const docString = /^\s*[rRuUbB]{0,2}("""|''')([\s\S]*?)\1/;
const minBlockChars = 80;
/** A unit with a body this large is told by its members, each a block of its own. */
const maxUnitChars = 12_000;
const maxTestBlocks = 60;
const headerReach = 300;

/** Blocks of a source file: its functions, types and sections, each with what its comment says and what it is called. */
export async function codePairs(path: string, language: string, text: string): Promise<BlockFile> {
  const grammar = await loadGrammar(language);
  const parsed = grammar?.parse(text);
  if (!parsed || !('tree' in parsed)) return { path, language, blocks: [] };
  try {
    const blocks = unitBlocks(parsed.tree, text, isTestPath(path));
    return {
      path,
      language,
      blocks: isTestPath(path) ? [...blocks, ...testBlocks(text)] : withHeader(text, blocks),
    };
  } finally {
    parsed.tree.close();
  }
}

function unitBlocks({ units, leads }: SyntaxTree, text: string, isTest: boolean): Block[] {
  const blocks: Block[] = [];
  for (const unit of units) {
    const size = unit.end - unit.start;
    if (size < minBlockChars || size > maxUnitChars) continue;
    const { comment, code } = documented(unit, leads, text);
    const [first, second] = sentencesOf(comment);
    const questions: Question[] = [];
    if (first !== undefined) questions.push({ kind: 'doc', text: first });
    if (second !== undefined) questions.push({ kind: 'doc2', text: second });
    const words = splitIdentifier(unit.name).filter((word) => !/^\d+$/.test(word));
    if (words.length >= (isTest ? 4 : 2)) questions.push({ kind: isTest ? 'test' : 'name', text: words.join(' ') });
    blocks.push({ code: code.slice(0, maxBlockChars), questions, name: unit.name });
  }
  return blocks;
}

/** A unit's comment and its code without it. */
function documented(unit: SyntaxUnit, leads: readonly SyntaxSpan[], text: string): { comment: string; code: string } {
  const code = text.slice(unit.start, unit.end);
  const body = docString.exec(text.slice(unit.bodyStart, unit.end));
  if (body) {
    const at = unit.bodyStart - unit.start;
    return { comment: body[2] ?? '', code: code.slice(0, at) + code.slice(at + body[0].length) };
  }
  return { comment: commentBefore(unit.start, leads, text), code };
}

/** The comments that end right before an offset, joined. */
function commentBefore(offset: number, leads: readonly SyntaxSpan[], text: string): string {
  const parts: string[] = [];
  let start = offset;
  for (let index = lastEndingBefore(leads, offset); index >= 0; index--) {
    const lead = leads[index]!;
    if (lead.end > start || !/^\s*$/.test(text.slice(lead.end, start))) break;
    if ((text.slice(lead.end, start).match(/\n/g)?.length ?? 0) > 1) break;
    const leadText = text.slice(lead.start, lead.end);
    if (isComment(leadText)) parts.unshift(leadText);
    start = lead.start;
  }
  return parts.join('\n');
}

function lastEndingBefore(leads: readonly SyntaxSpan[], offset: number): number {
  let low = 0;
  let high = leads.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (leads[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Tests say in words what the code behind them checks. */
function testBlocks(text: string): Block[] {
  const titles = [...text.matchAll(testTitle)].slice(0, maxTestBlocks);
  return titles.map((match) => ({
    code: text.slice(match.index + match[0].length, match.index + match[0].length + maxBlockChars / 2),
    questions: [{ kind: 'test' as const, text: match[2] ?? '' }],
    name: '',
  }));
}

/** What a file says of itself at its top is said of its first large blocks. */
function withHeader(text: string, blocks: readonly Block[]): readonly Block[] {
  const [sentence] = headerSentences(text);
  if (sentence === undefined || blocks.length === 0) return blocks;
  const largest = blocks.reduce((best, { code }, index) => (code.length > blocks[best]!.code.length ? index : best), 0);
  return blocks.map((block, index) =>
    index === largest
      ? { ...block, questions: [...block.questions, { kind: 'header' as const, text: sentence }] }
      : block,
  );
}

function headerSentences(text: string): readonly string[] {
  const paragraphs = text.slice(0, 4000).split(/\n\s*\n/);
  let at = 0;
  for (const paragraph of paragraphs) {
    if (at > headerReach && !/licen[cs]e|copyright/i.test(paragraphs[0] ?? '')) return [];
    if (isComment(paragraph)) {
      const sentences = sentencesOf(paragraph);
      if (sentences.length > 0) return sentences;
    }
    at += paragraph.length;
  }
  return [];
}
