// `npm run build`: makes dist/, what the packed product carries beside its launcher. It holds the compiled sources, the
// queries and chosen parsers of grammars/, and LanceDB's JavaScript as one file: that loads twice as fast as its 220
// modules, and an installation is spared their packages and the model libraries that LanceDB asks for.
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { languages } from '../grammars/table.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const modules = path.join(root, 'node_modules');

function compile() {
  const project = path.join(root, '.ci', 'tsconfig.build.json');
  const { status } = spawnSync(path.join(modules, '.bin', 'tsc'), ['--project', project], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/** Copies the licence texts of installed packages to a folder, one file each. */
function copyLicences(packages, target) {
  mkdirSync(target, { recursive: true });
  for (const name of packages) {
    const folder = path.join(modules, name);
    const { license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
    const content = texts.map((file) => readFileSync(path.join(folder, file), 'utf8'));
    const head = `${name}: ${license}\n`;
    writeFileSync(path.join(target, `${name.replaceAll('/', '-')}.txt`), [head, ...content].join('\n'));
  }
}

function copyGrammars() {
  for (const query of globSync('grammars/**/*.scm', { cwd: root }))
    cpSync(path.join(root, query), path.join(dist, query));
  const target = path.join(dist, 'grammars', 'wasm');
  const sources = new Map();
  for (const { wasm } of languages) {
    if (wasm === null) continue;
    const name = path.posix.basename(wasm.file);
    const source = path.join(modules, wasm.package, wasm.file);
    if ((sources.get(name) ?? source) !== source) throw new Error(`Two parsers are called ${name}.`);
    sources.set(name, source);
  }
  for (const [name, source] of sources) cpSync(source, path.join(target, name));
  copyLicences(new Set(languages.flatMap(({ wasm }) => (wasm ? [wasm.package] : []))), path.join(target, 'licences'));
  return sources.size;
}

/** The package that a module of node_modules belongs to. */
function packageOf(file) {
  const [first, second] = path.relative(modules, file).split(path.sep);
  return first.startsWith('@') ? `${first}/${second}` : first;
}

async function bundleLanceDb() {
  const name = '@lancedb/lancedb';
  const target = path.join(dist, 'node_modules', name);
  const exported = Object.keys(createRequire(import.meta.url)(name));
  const entry = path.join(dist, 'lancedb.mjs');
  const named = exported.map((key) => `export const ${key} = lancedb.${key};`);
  writeFileSync(entry, [`import lancedb from '${name}';`, ...named].join('\n'));
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    external: [/^@lancedb\/lancedb-/, /\.node$/, 'openai', '@huggingface/transformers'],
    // LanceDB reaches an optional library through eval; Lorekeep never asks for it.
    checks: { eval: false },
  });
  const { output } = await bundle.write({ file: path.join(target, 'index.js'), format: 'esm', codeSplitting: false });
  rmSync(entry);
  const { version, license } = JSON.parse(readFileSync(path.join(modules, name, 'package.json'), 'utf8'));
  const manifest = { name, version, license, type: 'module', exports: './index.js' };
  writeFileSync(path.join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const files = output[0].moduleIds.filter((id) => id.startsWith(modules));
  copyLicences(new Set(files.map(packageOf)), path.join(target, 'licences'));
}

function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

rmSync(dist, { recursive: true, force: true });
compile();
const parsers = copyGrammars();
await bundleLanceDb();
console.log(`dist/: ${parsers} parsers, ${(sizeOf(dist) / 1e6).toFixed(1)} MB`);
