// The layers of README.md as a lint rule. Imports go down only: each folder may import itself, the folders named here
// and its own third-party packages; peers never import each other. `node:` modules are free for all.
import path from 'node:path';

const base = ['src/core', 'src/text'];
const useCases = ['indexer', 'src/retrieval', 'src/answer', 'src/guard', 'src/migration'];
const adapters = ['grammars', 'src/store', 'src/model', 'src/cache', 'src/audit', 'src/config'];
const surfaces = ['src/http', 'src/mcp', 'src/grpc', 'src/web'];
const below = ['src/service', 'src/verbs', 'src/access', 'src/config', ...base];

/** Folder (or file, with its `name-*.ts` companions) → what it may import. A package has one home, zod a few. */
const layers = {
  'src/core': { folders: [], packages: ['zod'] },
  'src/text': { folders: ['src/core'], packages: ['stemmer'] },

  grammars: { folders: base, packages: ['web-tree-sitter'] },
  'src/store': { folders: base, packages: ['@lancedb/lancedb', 'apache-arrow'] },
  'src/model': { folders: base, packages: ['node-llama-cpp'] },
  'src/cache': { folders: base, packages: [] },
  'src/audit': { folders: base, packages: [] },
  'src/config': { folders: base, packages: ['zod'] },

  indexer: { folders: [...base, 'grammars'], packages: ['chokidar'] },
  'src/retrieval': { folders: base, packages: [] },
  'src/answer': { folders: base, packages: [] },
  'src/guard': { folders: [...base, 'grammars'], packages: [] },
  'src/migration': { folders: [...base, 'grammars'], packages: [] },

  'src/verbs': { folders: [...base, ...useCases, 'grammars', 'src/config'], packages: [] },
  'src/access': { folders: [...base, 'src/config'], packages: [] },
  'src/service': { folders: [...base, ...useCases, ...adapters, 'src/verbs', 'src/access'], packages: [] },

  'src/http': { folders: below, packages: ['hono', '@hono/node-server', 'prom-client', 'zod'] },
  'src/mcp': { folders: below, packages: ['zod'] },
  'src/grpc': { folders: below, packages: [] },
  'src/web': { folders: below, packages: [] },
  'src/cli': { folders: [...below, ...surfaces], packages: [] },
  'src/main': { folders: [...below, ...surfaces, 'src/cli'], packages: [] },
};
const names = Object.keys(layers);

/** The layer that a repository-relative path belongs to, undefined for none. */
function layerOf(file) {
  return names.find((name) => ['/', '.', '-'].some((end) => file.startsWith(name + end)));
}

/** What is wrong with an import in `file` of `layer`, null if nothing is. Paths are relative to the repository root. */
function importFinding(layer, file, specifier) {
  if (specifier.startsWith('node:')) return null;
  if (!specifier.startsWith('.')) {
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    return layers[layer].packages.includes(name) ? null : `${layer} must not import the package ${name}`;
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const targetLayer = layerOf(target);
  if (targetLayer === layer || layers[layer].folders.includes(targetLayer)) return null;
  return `${layer} must not import ${targetLayer ?? target}: imports go down only`;
}

function create(context) {
  const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
  const layer = layerOf(file);
  if (layer === undefined) {
    const message = `${file} belongs to no layer: name its folder in .ci/layers.mjs`;
    return { Program: (node) => context.report({ node, message }) };
  }
  const check = (node) => {
    const message = typeof node?.value === 'string' ? importFinding(layer, file, node.value) : null;
    if (message) context.report({ node, message });
  };
  return {
    ImportDeclaration: (node) => check(node.source),
    ExportNamedDeclaration: (node) => check(node.source),
    ExportAllDeclaration: (node) => check(node.source),
    ImportExpression: (node) => check(node.source),
    TSImportType: (node) => check(node.source),
  };
}

export default { meta: { name: 'lorekeep' }, rules: { layers: { create } } };
