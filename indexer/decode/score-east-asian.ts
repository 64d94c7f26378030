import { commonHangul, commonKanji, commonSimplified, commonTraditional } from './common-characters.ts';

const unmapped = -8;
const privateUse = -5;
const frequent = 3;

/** Scores text read as Japanese: kana and common kanji. */
export function scoreJapanese(text: string): number {
  return sumOver(text, (char, code) => {
    if (isKana(code)) return frequent;
    if (isHan(code)) return scoreFrequency(char, commonKanji, japaneseLevelOne);
    return code >= 0xff61 && code <= 0xff9f ? -1 : scoreMark(code);
  });
}

/** Scores text read as Chinese in simplified characters. */
export function scoreChinese(text: string): number {
  return scoreHan(text, commonSimplified, simplifiedLevelOne);
}

/** Scores text read as Chinese in traditional characters. */
export function scoreTaiwanese(text: string): number {
  return scoreHan(text, commonTraditional, traditionalLevelOne);
}

/** Scores text read as Korean: syllables; Chinese characters are rare in comments. */
export function scoreKorean(text: string): number {
  return sumOver(text, (char, code) => {
    if (code >= 0xac00 && code <= 0xd7a3) return scoreFrequency(char, commonHangul, hangulLevelOne);
    return isHan(code) || isKana(code) ? -2 : scoreMark(code);
  });
}

function scoreHan(text: string, common: ReadonlySet<string>, levelOne: ReadonlySet<string>): number {
  return sumOver(text, (char, code) => {
    if (isHan(code)) return scoreFrequency(char, common, levelOne);
    return isKana(code) ? -1 : scoreMark(code);
  });
}

function scoreFrequency(char: string, common: ReadonlySet<string>, levelOne: ReadonlySet<string>): number {
  if (common.has(char)) return frequent;
  return levelOne.has(char) ? 0.8 : -1;
}

// Each national standard puts its everyday characters first: this is where that part lies.
const japaneseLevelOne = charactersOf('euc-jp', 0xb0, 0xcf);
const simplifiedLevelOne = charactersOf('gb18030', 0xb0, 0xd7);
const traditionalLevelOne = charactersOf('big5', 0xa4, 0xc6);
const hangulLevelOne = charactersOf('euc-kr', 0xb0, 0xc8);

/** What the two-byte codes with a first byte in the given range decode to. */
function charactersOf(label: string, firstLead: number, lastLead: number): ReadonlySet<string> {
  const codes: number[] = [];
  for (let lead = firstLead; lead <= lastLead; lead++) {
    for (let trail = label === 'big5' ? 0x40 : 0xa1; trail < 0xff; trail++) {
      if (trail < 0x7f || trail > 0xa0) codes.push(lead, trail);
    }
  }
  return new Set(new TextDecoder(label).decode(Uint8Array.from(codes)));
}

/** Punctuation and full-width forms, which all of these share; what is in none of their texts counts against. */
function scoreMark(code: number): number {
  if (code === 0xfffd) return unmapped;
  if (code >= 0xe000 && code <= 0xf8ff) return privateUse;
  if (code >= 0x3001 && code <= 0x3011) return 2;
  if (code >= 0xff01 && code <= 0xff5e) return 1;
  return code >= 0x2010 && code <= 0x2026 ? 0.5 : -1.5;
}

function isKana(code: number): boolean {
  return code >= 0x3041 && code <= 0x30fe;
}

function isHan(code: number): boolean {
  return code >= 0x4e00 && code <= 0x9fff;
}

function sumOver(text: string, score: (char: string, code: number) => number): number {
  let sum = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code > 0x7f) sum += score(char, code);
  }
  return sum;
}
