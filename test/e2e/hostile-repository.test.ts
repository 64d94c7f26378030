import { hostileRepositorySuite } from '../support/hostile-suite.ts';

hostileRepositorySuite({ files: 400, hostileShare: 0.25, seed: 11 }, 120_000);
