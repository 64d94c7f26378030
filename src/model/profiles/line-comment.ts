const byEnding: Readonly<Record<string, readonly string[]>> = {
  '#': [
    'py',
    'pyi',
    'rb',
    'sh',
    'bash',
    'zsh',
    'pl',
    'r',
    'yml',
    'yaml',
    'toml',
    'ex',
    'exs',
    'jl',
    'nim',
    'ps1',
    'tf',
  ],
  '--': ['sql', 'lua', 'hs', 'elm', 'ada', 'adb', 'ads', 'vhd', 'vhdl'],
  ';': ['el', 'lisp', 'clj', 'cljs', 'scm', 'asm', 's', 'ini'],
  '%': ['erl', 'hrl', 'tex'],
  '*>': ['cob', 'cbl', 'cpy'],
  '!': ['f90', 'f95', 'f03', 'f08'],
  "'": ['vb', 'vbs', 'bas'],
};
const signs = new Map(Object.entries(byEnding).flatMap(([sign, endings]) => endings.map((ending) => [ending, sign])));
const namedFiles = /(^|\/)(Makefile|Dockerfile|Gemfile|Rakefile)$/i;

/** What begins a comment to the end of the line in the language that a path tells; `//` where it tells none. */
export function lineCommentFor(path: string): string {
  if (namedFiles.test(path)) return '#';
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return signs.get(ending) ?? '//';
}
