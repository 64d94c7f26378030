/**
 * What no one means by "my code": left out even where no ignore file says so. The lowest of all rules: a negated rule
 * in `.gitignore` or `.lorekeepignore` brings any of these back. Only `.git` is never entered.
 */
export interface DefaultExclude {
  readonly name: string;
  readonly reason: string;
}

/** Folders left out by their name. */
export const excludedFolders: readonly DefaultExclude[] = [
  ...because('data of a version control system', ['.hg', '.svn', '.bzr', '.jj', '.sl', 'CVS', '_darcs', '.pijul']),
  ...because('installed packages', ['node_modules', 'bower_components', 'jspm_packages', '.eggs', '.bundle']),
  ...because('compiled Python', ['__pycache__']),
  ...because('virtual environment', ['.venv', '.tox', '.nox', '.direnv']),
  ...because('cache of a tool', ['.mypy_cache', '.pytest_cache', '.ruff_cache', '.parcel-cache', '.turbo', '.cache']),
  ...because('output of a build tool', ['.next', '.nuxt', '.svelte-kit', '.gradle', '.terraform', '.dart_tool']),
  ...because('output of a build tool', ['.stack-work', 'dist-newstyle', 'elm-stuff', '.zig-cache', 'zig-cache']),
];

/** Files left out by their name. */
export const excludedFiles: readonly DefaultExclude[] = because('view settings of a file manager', [
  '.DS_Store',
  'Thumbs.db',
  'desktop.ini',
]);

/** A file of this name in a folder says what the whole folder is. */
export const folderMarkers: readonly DefaultExclude[] = [
  { name: 'CACHEDIR.TAG', reason: 'marked as a cache by the tool that fills it (Cargo, pytest …)' },
  { name: 'pyvenv.cfg', reason: 'virtual environment' },
];

function because(reason: string, names: readonly string[]): readonly DefaultExclude[] {
  return names.map((name) => ({ name, reason }));
}
