import { describe, expect, it } from 'vitest';
import { resolveChunkOptions } from '../../../indexer/chunk/chunk-options.ts';
import { chunkSource } from '../../../indexer/chunk/chunk-source.ts';
import { findSequenceColumns, withoutSequence } from '../../../indexer/chunk/sequence-columns.ts';
import { lineStartsOf, sourceFileOf } from '../../support/source-file-of.ts';

const cobol = [
  '000100 IDENTIFICATION DIVISION.                                         PAY00010',
  '000200 PROGRAM-ID. PAYROLL.                                             PAY00020',
  '000300*    COMPUTES THE WAGES                                           PAY00030',
  '000400 PROCEDURE DIVISION.                                              PAY00040',
  '000500     MOVE 100 TO WAGE-TOTAL.                                      PAY00050',
].join('\r\n');

const find = (text: string): unknown => findSequenceColumns(text, lineStartsOf(text));

describe('findSequenceColumns', () => {
  it('finds both columns of a fixed-format program', () => {
    expect(find(cobol)).toEqual({ left: true, right: true });
  });

  it('finds the right column alone, as assembler and job control have it', () => {
    const assembler = Array.from(
      { length: 5 },
      (_, line) => `LOOP${line}    L     R1,SAVE`.padEnd(72) + `000${line}0000`,
    );
    expect(find(assembler.join('\n'))).toEqual({ left: false, right: true });
  });

  it.each([
    ['code', 'const limit = 5;\nconst other = 7;\nexport { limit };\n'],
    ['a table of numbers in no order', '999999 a\n000001 b\n555555 c\n000002 d\n444444 e\n000003 f\n'],
    ['long lines', `000100 A\n000200 ${'x'.repeat(90)}\n000300 B\n000400 C\n`],
    ['nothing', ''],
  ])('finds none in %s', (_name, text) => {
    expect(find(text)).toBeNull();
  });
});

describe('searched text of column formats', () => {
  it('leaves the numbers out and keeps the code in its columns', () => {
    const clean = withoutSequence(cobol, { left: true, right: true });
    expect(clean).not.toMatch(/0001|PAY000/);
    expect(clean.split('\r\n')[1]).toBe(`       PROGRAM-ID. PAYROLL.${' '.repeat(45)}`);
  });

  it('stands beside the exact text of each chunk', () => {
    const file = sourceFileOf(cobol);
    const [chunk] = chunkSource(file, null, resolveChunkOptions());
    expect(file.text.slice(chunk!.start, chunk!.end)).toBe(cobol);
    expect(chunk!.searchText).toContain('WAGE-TOTAL');
    expect(chunk!.searchText).not.toContain('000500');
    expect(chunkSource(sourceFileOf('let x = 1;\n'), null, resolveChunkOptions())[0]).not.toHaveProperty('searchText');
  });
});
