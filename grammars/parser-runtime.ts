import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Language, Parser } from 'web-tree-sitter';

/** The part of the platform that is used here; Node's types leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

let started: Promise<void> | null = null;

/**
 * Starts the parser runtime, once per thread.
 *
 * V8's optimizing WebAssembly compiler needs up to 3 GB for the lexer function of some grammars and then aborts the
 * process ("Fatal process out of memory: Zone", nodejs/node issue 63421). So only the small runtime may be optimized:
 * it is compiled whole beforehand, and every grammar after it by the baseline compiler alone. All three flags are
 * needed, as V8 derives them from each other only at its own start.
 */
function startRuntime(): Promise<void> {
  started ??= Parser.init({ instantiateWasm: instantiateRuntime }).then(() => {
    setFlagsFromString('--liftoff-only --no-wasm-tier-up --no-wasm-dynamic-tiering');
  });
  return started;
}

/** Emscripten's hook: compiles the runtime with all its functions at once, not each at its first call. */
function instantiateRuntime(imports: object, receive: (instance: object, module: object) => void): object {
  const bytes = readFileSync(createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm'));
  setFlagsFromString('--no-wasm-lazy-compilation');
  const module = new WebAssembly.Module(bytes);
  setFlagsFromString('--wasm-lazy-compilation');
  const instance = new WebAssembly.Instance(module, imports);
  receive(instance, module);
  return instance.exports;
}

/** Loads a compiled grammar into the running runtime. */
export async function loadLanguage(wasm: Uint8Array): Promise<Language> {
  await startRuntime();
  return await Language.load(wasm);
}
