import { posix } from 'node:path';
import type { Embedder } from '../core/embedding.ts';
import { ServiceError, toServiceError } from '../core/errors.ts';
import type { Hit, Retriever, SearchRequest, SearchResult } from '../core/retrieval.ts';
import type { ChunkContent, StoreFilter } from '../core/vector-store.ts';
import type { Candidate, Ranked } from './candidate.ts';
import { candidatesOf, gather, type SearchableProject } from './gather.ts';
import { analyseQuestion, maxQuestionLength, type Query } from './query-analysis.ts';
import { rank } from './rank.ts';
import { pathRarity } from './rarity.ts';

/** What a retriever searches and with what. */
export interface RetrieverParts {
  readonly projects: readonly SearchableProject[];
  /** The embedder that made the indexes' vectors; null for lexical search. */
  readonly embedder: Embedder | null;
}

/** How often a search is made when chunks are replaced before they can be read. */
const maxSearches = 3;
/** How many candidates are read to look for a quoted phrase. */
const phraseCandidates = 60;

/** Full text, symbol table and vectors, fused and ranked over all projects together. */
export function createRetriever(parts: RetrieverParts): Retriever {
  return { search: (request, signal) => search(parts, request, signal) };
}

async function search(parts: RetrieverParts, request: SearchRequest, signal?: AbortSignal): Promise<SearchResult> {
  const query = analyseQuestion(request.question);
  if (query.question.trim() === '') {
    throw new ServiceError('request_invalid', 'The question is empty. Ask in words, or name a symbol or a file.');
  }
  const { vector, notices } = await queryVector(parts.embedder, query, signal);
  const hits = await findHits(parts, { request, query, vector }, signal);
  return { hits, mode: vector === null ? 'lexical' : 'hybrid', notices: [...lengthNotices(request), ...notices] };
}

interface AskedSearch {
  readonly request: SearchRequest;
  readonly query: Query;
  readonly vector: Float32Array | null;
}

/** Finds, ranks and reads. A chunk that is replaced between being found and being read is searched for anew. */
async function findHits(parts: RetrieverParts, asked: AskedSearch, signal?: AbortSignal): Promise<readonly Hit[]> {
  for (let searches = 1; ; searches++) {
    const ranked = await findChunks(parts, asked, signal);
    const hits = await readHits(parts, ranked);
    if (hits.length === ranked.length || searches === maxSearches) return hits;
  }
}

async function findChunks(
  parts: RetrieverParts,
  { request, query, vector }: AskedSearch,
  signal?: AbortSignal,
): Promise<readonly Ranked[]> {
  const finds = await Promise.all(
    parts.projects.map((project) => gather(project, { query, vector, filter: storeFilter(project, request) })),
  );
  signal?.throwIfAborted();
  const candidates = await withTexts(parts, query, candidatesOf(finds));
  const rarity = pathRarity(query.words, parts.projects);
  const learned = parts.projects.every(({ catalogue }) => catalogue.identity()?.embedder?.model === 'builtin');
  return rank({ query, candidates, rarity, hybrid: vector !== null, learned }).slice(0, request.limit);
}

function lengthNotices({ question }: SearchRequest): string[] {
  if (question.length <= maxQuestionLength) return [];
  return [`Only the first ${maxQuestionLength} characters of the question were searched for.`];
}

async function queryVector(
  embedder: Embedder | null,
  query: Query,
  signal?: AbortSignal,
): Promise<{ vector: Float32Array | null; notices: string[] }> {
  if (embedder === null) return { vector: null, notices: [] };
  try {
    return { vector: await embedder.embedQuery(query.question, signal), notices: [] };
  } catch (error) {
    const { code, message } = toServiceError(error);
    if (code === 'aborted') throw error;
    return { vector: null, notices: [`Searched by words only, since there is no vector for the question: ${message}`] };
  }
}

/** A glob without a slash matches the file name at any depth; `files` stays away when nothing narrows the search. */
function storeFilter({ catalogue }: SearchableProject, { path, language }: SearchRequest): StoreFilter {
  const languages = language === undefined ? {} : { languages: [language] };
  if (path === undefined) return languages;
  const glob = path.includes('/') ? path.replace(/^\.?\//, '') : `**/${path}`;
  const files = catalogue.paths().filter((file) => posix.matchesGlob(file.path, glob));
  return { ...languages, files: files.map(({ file }) => file) };
}

/** Reads the texts of the likeliest candidates, only when the question quotes a phrase. */
async function withTexts(parts: RetrieverParts, query: Query, candidates: Candidate[]): Promise<Candidate[]> {
  if (query.phrases.length === 0) return candidates;
  const likely = candidates.toSorted((left, right) => right.lexical - left.lexical).slice(0, phraseCandidates);
  const contents = await contentsOf(parts, likely);
  return candidates.map((candidate) => {
    const content = contents.get(candidate);
    return content === undefined ? candidate : { ...candidate, text: content.text };
  });
}

async function readHits(parts: RetrieverParts, ranked: readonly Ranked[]): Promise<Hit[]> {
  const contents = await contentsOf(
    parts,
    ranked.map(({ candidate }) => candidate),
  );
  return ranked.flatMap(({ candidate, score, signals }): Hit[] => {
    const content = contents.get(candidate);
    // A chunk that has been replaced since it was found.
    if (content === undefined) return [];
    const { path, startLine, endLine, language, kind, name, file, generation } = candidate.hit;
    const place = { project: candidate.project, path, startLine, endLine };
    const context = content.context === '' ? [] : content.context.split('\n');
    const { text } = content;
    return [{ ...place, score, language, kind, name, context, text, file, generation, signals }];
  });
}

async function contentsOf(
  parts: RetrieverParts,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<Candidate, ChunkContent>> {
  const contents = new Map<Candidate, ChunkContent>();
  for (const { name, store } of parts.projects) {
    const own = candidates.filter(({ project }) => project === name);
    const byId = await store.contents(own.map(({ hit }) => hit.id));
    for (const candidate of own) {
      const content = byId.get(candidate.hit.id);
      if (content !== undefined) contents.set(candidate, content);
    }
  }
  return contents;
}
