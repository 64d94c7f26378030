import { hostileRepositorySuite } from '../support/hostile-suite.ts';

hostileRepositorySuite({ files: 5_000, hostileShare: 0.05, seed: Date.now() % 1_000_000 }, 900_000);
