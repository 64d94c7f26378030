import { registerHooks } from 'node:module';

// The process that runs model files, as it is where nobody has installed its library.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'node-llama-cpp') return next(specifier, context);
    const message = `Cannot find package 'node-llama-cpp' imported from ${context.parentURL}`;
    throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
  },
});

await import('../../src/model/gguf/child/gguf-child.ts');
