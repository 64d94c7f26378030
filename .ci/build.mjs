// `npm run build`: makes dist/, what the packed product carries beside its launcher. It holds the compiled sources, the
// queries and chosen parsers of grammars/, and the JavaScript of LanceDB and Arrow in three files: they load twice as fast
// as the 220 they are made from, and an installation is spared the model libraries that LanceDB asks for.
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
const require = createRequire(import.meta.url);

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

/** The embedding model with what is to be known of it. */
function copyModel() {
  for (const file of ['embedding-model.bin', 'README.md']) {
    const name = path.join('src', 'model', 'builtin', file);
    cpSync(path.join(root, name), path.join(dist, name));
  }
}

/** The sources of the page, which are put together when it is first asked for. */
function copyPage() {
  for (const file of globSync('src/web/browser/*', { cwd: root })) cpSync(path.join(root, file), path.join(dist, file));
}

function copyGrammars() {
  for (const query of globSync('grammars/**/*.scm', { cwd: root }))
    cpSync(path.join(root, query), path.join(dist, query));
  const notices = path.join('grammars', 'LICENCES.md');
  cpSync(path.join(root, notices), path.join(dist, notices));
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

/** A module that exports by name what a package exports to `require`: LanceDB does that too, so Arrow comes in once. */
function namedExports(name) {
  const keys = Object.keys(require(name)).filter((key) => key !== 'default');
  return [
    `import all from '${require.resolve(name)}';`,
    ...keys.map((key) => `export const ${key} = all.${key};`),
  ].join('\n');
}

/** Bundles packages into dist/node_modules/, one file each and one for what they share. */
async function bundle(names) {
  const target = path.join(dist, 'node_modules');
  const entries = path.join(dist, 'entries');
  mkdirSync(entries);
  const inputs = names.map((name, index) => [`${name}/index`, path.join(entries, `${index}.mjs`)]);
  for (const [index, [, file]] of inputs.entries()) writeFileSync(file, namedExports(names[index]));
  const build = await rolldown({
    input: Object.fromEntries(inputs),
    platform: 'node',
    external: [/^@lancedb\/lancedb-/, /\.node$/, 'openai', '@huggingface/transformers'],
    // LanceDB reaches an optional library through eval; Lorekeep never asks for it.
    checks: { eval: false },
    onLog: (_, { message }) => {
      throw new Error(message);
    },
  });
  const { output } = await build.write({ dir: target, chunkFileNames: `${names[0]}/[name].js` });
  rmSync(entries, { recursive: true });
  for (const name of names) {
    const { version, license } = JSON.parse(readFileSync(path.join(modules, name, 'package.json'), 'utf8'));
    const manifest = { name, version, license, type: 'module', exports: './index.js' };
    writeFileSync(path.join(target, name, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  const files = output.flatMap(({ moduleIds }) => moduleIds ?? []).filter((id) => id.startsWith(modules));
  copyLicences(new Set(files.map(packageOf)), path.join(target, names[0], 'licences'));
}

function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

rmSync(dist, { recursive: true, force: true });
compile();
copyModel();
copyPage();
const parsers = copyGrammars();
await bundle(['@lancedb/lancedb', 'apache-arrow']);
console.log(`dist/: ${parsers} parsers, ${(sizeOf(dist) / 1e6).toFixed(1)} MB`);
