import type { Service } from '../../src/service.ts';
import type { AuditArchive } from '../../src/core/gateway/audit-archive.ts';
import type { Administration } from '../../src/service/administration.ts';
import type { Freshness } from '../../src/core/freshness.ts';
import type { Hit } from '../../src/core/retrieval.ts';
import { meanScores } from '../../src/verbs/evaluation/score-questions.ts';
import type { StatusReport } from '../../src/verbs/reports.ts';

/** A hit with sensible values, changed where a test cares. */
export function hitOf(changes: Partial<Hit> = {}): Hit {
  return {
    project: 'shop',
    path: 'src/session.ts',
    startLine: 3,
    endLine: 9,
    score: 1.5,
    language: 'typescript',
    kind: 'definition',
    name: 'openSession',
    context: ['class Sessions'],
    text: '  openSession(user: string) {\n    return this.store.open(user);\n  }\n',
    file: 1,
    generation: 1,
    signals: [{ signal: 'bm25', value: 1.5 }],
    ...changes,
  };
}

/** The freshness of an index that is up to date, changed where a test cares. */
export function currentOf(changes: Partial<Freshness> = {}): Freshness {
  const none = { changed: [], pendingFiles: 0, pendingSince: null };
  return { isCurrent: true, indexedAt: '2026-01-02T03:04:05.000Z', ...none, ...changes };
}

/** Status of a small index. */
export const shopStatus: StatusReport = {
  project: { name: 'shop', root: '/code/shop', indexFolder: '/data/shop' },
  totals: {
    files: 2,
    chunks: 5,
    symbols: 4,
    skipped: 1,
    degraded: 1,
    bytes: 2_048,
    pending: 0,
    languages: [{ language: 'typescript', files: 2 }],
  },
  diskBytes: 4_096,
  embedder: null,
  lastCompletedRun: '2026-01-02T03:04:05.000Z',
  live: null,
  alarms: [],
  skipped: [{ path: 'a\n\u001b[31m.env', reason: 'secret', detail: 'Its name is that of a secrets file.' }],
  degraded: [{ path: 'notes.txt', reason: 'no_grammar' }],
};

const beforeFirst = { sequence: 0, hash: '0'.repeat(64) };

/** An empty audit log. */
const fakeAudit: AuditArchive = {
  verify: async () => ({ files: 0, lines: 0, bytes: 0, head: beforeFirst, unfinishedBytes: 0, problem: null }),
  head: async () => beforeFirst,
  last: async () => [],
  withCommonNames: (line) => line.details,
};

/** An administration of which a test has the parts that it is about. */
export function fakeAdministration(parts: Partial<Administration>): Pick<Service, 'administration'> {
  const absent = (): Promise<never> => Promise.reject(new Error('not part of this test'));
  return {
    administration: () => ({ keys: absent, models: absent, doctor: absent, audit: async () => fakeAudit, ...parts }),
  };
}

/** A service whose methods answer from memory; a test replaces the ones it is about. */
export function fakeService(changes: Partial<Service> = {}): Service {
  return {
    index: async (request) => ({
      project: 'shop',
      root: request.folder,
      files: 2,
      chunks: 5,
      symbols: 4,
      skipped: 1,
      degraded: 1,
      bytes: 2_048,
      ignored: 0,
      added: 2,
      changed: 0,
      removed: 0,
      unchanged: 0,
      parsed: 2,
      embedded: 0,
      repaired: 0,
      embedder: null,
      elapsedMs: 12,
      stages: { walk: 0, read: 0, parse: 0, chunk: 0, terms: 0, embed: 0, write: 0, background: 0 },
      aborted: false,
      notices: [],
    }),
    bringUpToDate: async () => [],
    watch: async () => {},
    explain: async () => ({
      route: { kind: 'none', reason: 'It is about programming in general.', confidence: 0.9, files: [] },
      found: null,
    }),
    search: async (_projects, request) => ({
      hits: [hitOf()].slice(0, request.limit),
      mode: 'lexical',
      notices: ['The index has no vectors.'],
      freshness: currentOf(),
      projects: ['shop'],
      elapsedMs: 4,
    }),
    async *ask() {
      const evidence = [{ ...hitOf(), number: 1, tokens: 20 }];
      yield { type: 'evidence', evidence, generating: true, freshness: currentOf(), notices: [] };
      yield { type: 'text', text: 'Sessions open in \u001b[2Jthe store [1].' };
      yield {
        type: 'answer',
        answer: {
          mode: 'generated',
          answer: 'Sessions open in the store [1].',
          citations: [{ project: 'shop', path: 'src/session.ts', startLine: 3, endLine: 9, number: 1 }],
          uncited: false,
          removedCitations: [],
          model: 'deepseek-coder:6.7b',
          freshness: currentOf(),
          notices: [],
        },
      };
    },
    questions: async () => ({
      questions: [{ query: 'where sessions open', relevant: [{ path: 'a.ts' }] }],
      notices: [],
    }),
    evaluate: async (_projects, { questions }) => ({
      project: 'shop',
      questions: questions.length,
      settings: { embedder: 'none', chunkCharacters: 750, maxCodeBytes: 1_000_000, maxDataBytes: 1_000_000 },
      scores: meanScores([]),
      bySource: {},
      notices: [],
    }),
    status: async () => shopStatus,
    listProjects: async () => [],
    removeProject: async () => ({ ...shopStatus.project, freedBytes: 4_096 }),
    foldersWithoutIndex: async () => [],
    folderOf: async (projects) => projects.currentFolder,
    ...fakeAdministration({}),
    serve: () => Promise.reject(new Error('not part of this test')),
    close: async () => {},
    ...changes,
  };
}
