/** First match wins: what tells most comes first. A name that the table lacks is the table's affair. */
const contentSigns: readonly (readonly [RegExp, string])[] = [
  [/^\s*<\?php\b/, 'php'],
  [/^\s*<\?xml\b/, 'xml'],
  [/^\s*<!doctype html|^\s*<html\b/i, 'html'],
  [/^\s*[{[]\s*(?:["{[\]}]|-?\d)/, 'json'],
  [/^%YAML |^---\s*$/m, 'yaml'],
  [/^[ \t]*#\s*include\s*<(?:iostream|string|vector|memory|map|algorithm)>/m, 'cpp'],
  [/^[ \t]*#\s*include\s*[<"]/m, 'c'],
  [/^package \w+\s*$[\s\S]*^(?:import|func|type|var|const)\b/m, 'go'],
  [/^(?:from [\w.]+ import \w|import \w+\s*$)[\s\S]*^(?:def|class) \w+.*:\s*$/m, 'python'],
];

/** A language by typical beginnings of its files, for names that tell nothing; undefined where none fits. */
export function languageOfContent(head: string): string | undefined {
  return contentSigns.find(([sign]) => sign.test(head))?.[1];
}

const objectiveC = /^[ \t]*(?:@(?:interface|protocol|implementation|class|import|end)\b|#\s*import\b)/m;
const matlab = /^\s*(?:%|function\b|classdef\b)/;
const cppSigns: readonly RegExp[] = [
  /^[ \t]*(?:namespace|template|using)\b/m,
  /^[ \t]*class\s+\w+[\w\s]*[:{;]/m,
  /^[ \t]*(?:public|private|protected)\s*:/m,
  /^[ \t]*#\s*include\s*<[a-z_]+>/m,
  /\w::\w|\bconstexpr\b|\bvirtual\s+[\w~]|\boperator\s*[^\w\s]|\bnoexcept\b/,
];

/** What a `.h` file is: C, C++ and Objective-C share the ending. */
export function languageOfHeader(head: string): string {
  const code = withoutComments(head);
  if (objectiveC.test(code)) return 'objc';
  return cppSigns.some((sign) => sign.test(code)) ? 'cpp' : 'c';
}

/** What a `.m` file is: Objective-C, or MATLAB, for which there is no grammar (undefined). */
export function languageOfM(head: string): string | undefined {
  return matlab.test(head) && !objectiveC.test(head) ? undefined : 'objc';
}

/** Comments mention other languages freely; a block `#ifdef __cplusplus` belongs to C as well. */
function withoutComments(head: string): string {
  return head
    .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
    .replace(/\/\/[^\r\n]*/g, '')
    .replace(
      /^[ \t]*#[ \t]*if(?:def[ \t]+|[ \t]+defined[ \t]*\(?[ \t]*)__cplusplus[\s\S]*?^[ \t]*#[ \t]*(?:endif|else)\b/gm,
      '',
    );
}
