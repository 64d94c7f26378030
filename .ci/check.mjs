// `npm run check [-- <checker>…]`: every checker runs, one line each; what a checker found is printed only when it
// fails. A checker that did not see all files fails too: silence about nothing is not a pass.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = path.join(root, 'node_modules', '.bin');

/** Runs one of the installed tools; `output` is what it printed, both streams together. */
function tool(name, ...args) {
  const environment = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, NO_COLOR: '1' };
  const options = { cwd: root, encoding: 'utf8', env: environment, maxBuffer: 2 ** 28 };
  const { status, stdout, stderr, error } = spawnSync(path.join(bin, name), args, options);
  return { passed: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error ?? ''}` };
}

/** The number that a tool printed at the place of the pattern's group, 0 where it printed none. */
function countIn(output, pattern) {
  return Number(pattern.exec(output)?.[1] ?? 0);
}

function filesIn(pattern) {
  return globSync(pattern, { cwd: root });
}

function format() {
  const { passed, output } = tool('oxfmt', '--check');
  return { passed, files: countIn(output, /on (\d+) files/), details: output };
}

function lint() {
  const { passed, output } = tool('oxlint');
  return { passed, files: countIn(output, /on (\d+) files/), details: output };
}

function types() {
  const { passed, output } = tool('tsc', '--listFiles', '--pretty', 'false');
  const isListed = (line) => path.isAbsolute(line);
  const lines = output.split('\n');
  const own = lines.filter((line) => isListed(line) && !line.includes('/node_modules/'));
  return { passed, files: own.length, details: lines.filter((line) => !isListed(line)).join('\n') };
}

/** Unused files, exports and packages; in production mode what only tests use is unused too. */
function deadCode(...mode) {
  const reporters = ['--reporter', 'symbols', '--reporter', './.ci/knip-count.mjs'];
  const { passed, output } = tool('knip', '--config', '.ci/knip.mjs', '--no-progress', ...reporters, ...mode);
  return { passed, files: countIn(output, /files read: (\d+)/), details: output };
}

const limits = { lines: 220, shareWithin: 0.9, filesInFolder: 15 };

/** The two sizes that are about many files at once; the linter measures single files and functions. */
function sizes() {
  const lineCount = (file) => readFileSync(path.join(root, file), 'utf8').split('\n').length - 1;
  const long = ofProduct.filter((file) => lineCount(file) > limits.lines);
  const folders = Map.groupBy(ofProduct, (file) => path.dirname(file));
  const crowded = [...folders].filter(([, members]) => members.length > limits.filesInFolder);
  const tooManyLong = long.length > ofProduct.length * (1 - limits.shareWithin);
  const details = [
    ...(tooManyLong ? [`More than a tenth of the files have over ${limits.lines} lines:`, ...long] : []),
    ...crowded.map(([folder, members]) => `${folder}: ${members.length} files, at most ${limits.filesInFolder}`),
  ];
  return { passed: details.length === 0, files: ofProduct.length, details: details.join('\n') };
}

function tests() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lorekeep-check-'));
  try {
    const file = path.join(folder, 'report.json');
    const projects = ['run', '--config', 'test/vitest.config.ts', '--project', '!long'];
    const { passed, output } = tool(
      'vitest',
      ...projects,
      '--reporter=default',
      '--reporter=json',
      '--outputFile',
      file,
    );
    if (!existsSync(file)) return { passed: false, files: 0, details: output };
    const { testResults, numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(file, 'utf8'));
    const leftOut = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    const totals = `${numPassedTests} passed, ${numFailedTests} failed${leftOut}`;
    return { passed: passed && numPassedTests > 0, files: testResults.length, details: output, totals };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ofProduct = filesIn('{src,indexer,grammars}/**/*.ts');
const ofTests = filesIn('test/**/*.ts').filter((file) => !file.startsWith('test/fixtures/'));
const all = ofProduct.length + ofTests.length;
const testFiles = ofTests.filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/long/'));

/** Each checker with the number of files that it has to see at least. */
const checkers = {
  format: { run: format, least: all },
  lint: { run: lint, least: all },
  types: { run: types, least: all },
  sizes: { run: sizes, least: ofProduct.length },
  'dead-code': { run: () => deadCode('--treat-config-hints-as-errors'), least: all },
  'dead-code-production': { run: () => deadCode('--production'), least: ofProduct.length },
  tests: { run: tests, least: testFiles.length },
};

/** A checker that breaks down has failed; the others still run. */
function attempt(run) {
  try {
    return run();
  } catch (error) {
    return { passed: false, files: 0, details: String(error) };
  }
}

/** Runs one checker and prints its line; true when it passed. */
function report(name) {
  const start = performance.now();
  const { run, least } = checkers[name];
  const { passed, files, details, totals } = attempt(run);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const sawEnough = files > 0 && files >= least;
  const verdict = passed && sawEnough ? 'ok  ' : 'FAIL';
  console.log(`${verdict} ${name.padEnd(20)} ${String(files).padStart(5)} files ${seconds.padStart(6)} s`);
  if (!passed) console.log(details.trimEnd());
  if (!sawEnough) console.log(`${name} saw ${files} files; there are ${least}.`);
  if (totals) console.log(totals);
  return passed && sawEnough;
}

function main() {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !Object.hasOwn(checkers, name));
  if (unknown.length > 0) {
    console.error(`No checker is called ${unknown.join(', ')}. There are: ${Object.keys(checkers).join(', ')}.`);
    process.exit(2);
  }
  // What CI has run already on the same sources.
  const done = (process.env.CHECKS_DONE ?? '').split(',');
  const names = asked.length > 0 ? asked : Object.keys(checkers).filter((name) => !done.includes(name));
  const results = names.map(report);
  process.exitCode = results.every(Boolean) ? 0 : 1;
}

main();
