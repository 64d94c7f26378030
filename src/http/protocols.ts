import type { AddRoutes } from './app.ts';

/** The protocols that `lorekeep serve` speaks beside its own. */
export const protocols: readonly AddRoutes[] = [];
