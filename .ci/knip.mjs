// What knip counts as used. In production mode, whatever only tests use is unused.
const isProduction = process.argv.includes('--production');

export default {
  entry: [
    'src/main.ts!',
    // The reference that the contract tests hold LanceDB against.
    'src/store/memory-store.ts!',
    // Started as threads and processes, by names that are put together at run time.
    'indexer/parse/parse-worker.ts!',
    'indexer/watch/thread/watch-worker.ts!',
    'src/model/builtin/chunk-embedder.ts!',
    'src/model/gguf/child/gguf-child.ts!',
    // Run by hand to make the embedding model anew.
    'indexer/embedding-model/extract.ts!',
    'test/support/crash/{crash-reader,crash-writer}.ts',
    'test/support/{fake-gguf-child,gguf-child-without-package,loopback-run,signal-at,audit-child,mortal-watch-worker}.ts',
    'test/**/*.test.ts',
    '.ci/*.mjs',
  ],
  project: ['{src,indexer,grammars}/**/*.{ts,cjs}!', 'test/**/*.ts', '.ci/**/*.mjs', '!test/fixtures/**'],
  // A type may be exported to name what a function takes or returns; a function, so that a test can reach it.
  ignoreExportsUsedInFile: isProduction ? true : { interface: true, type: true },
  // Programs of the operating system that tests use.
  ignoreBinaries: ['mkfifo', 'mount', 'umount', 'strace', 'openssl', 'systemd-analyze', 'chromium'],
  ignoreDependencies: [
    // Packages of parsers, named by the rows of grammars/.
    '(.*/)?tree-sitter-.*',
    // Started by .ci/check.mjs; the second is found by the first.
    'oxlint',
    'oxlint-tsgolint',
  ],
};
