import type { GatewayGauges } from '../../src/verbs/gateway/gateway.ts';

/** Of a gateway that nobody has asked anything, without projects. */
export const idleGauges: GatewayGauges = {
  queued: 0,
  generating: 0,
  cacheAnswers: 0,
  cacheBytes: 0,
  pendingFiles: 0,
  watchedProjects: 0,
  comparedSecondsAgo: null,
};
