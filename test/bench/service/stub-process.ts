// A stub in a process of its own: `startChild(new URL('./stub-process.ts', import.meta.url), options)`.
import { startStubOllama } from './stub-ollama.ts';
import type { StubOptions } from './stub-ollama.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as Omit<StubOptions, 'slots'> & { readonly slots: number | null };
const { url } = await startStubOllama({ ...options, slots: options.slots ?? Infinity });
process.send?.({ url });
