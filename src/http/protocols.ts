import { addAnthropicRoutes } from './anthropic/anthropic-routes.ts';
import type { AddRoutes } from './app.ts';
import { addOllamaRoutes } from './ollama/ollama-routes.ts';
import { addOpenaiRoutes } from './openai/openai-routes.ts';

/** The protocols that `lorekeep serve` speaks beside its own. */
export const protocols: readonly AddRoutes[] = [addOllamaRoutes, addOpenaiRoutes, addAnthropicRoutes];
