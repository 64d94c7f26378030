import type { CatalogueReader } from '../core/catalogue.ts';
import type { ChunkOutline, StoreFilter, StoreHit, VectorStore } from '../core/vector-store.ts';
import { type AskedDefinition, type Candidate, notRanked } from './candidate.ts';
import type { AskedName, Query } from './query-analysis.ts';

/** One project's index, as the read path sees it. */
export interface SearchableProject {
  readonly name: string;
  readonly store: VectorStore;
  readonly catalogue: CatalogueReader;
}

/** Raw finds in one project, before scores are scaled. */
export interface Finds {
  readonly project: SearchableProject;
  readonly lexical: readonly StoreHit[];
  readonly dense: readonly StoreHit[];
  readonly definitions: ReadonlyMap<number, readonly AskedDefinition[]>;
  /** Chunks that the symbol table found. */
  readonly defining: readonly StoreHit[];
}

/** As found, superseded chunks included. */
interface RawFinds extends Finds {
  /** The symbol table named a chunk that is gone. */
  readonly missesDefinitions: boolean;
}

export interface GatherRequest {
  readonly query: Query;
  readonly vector: Float32Array | null;
  readonly filter: StoreFilter;
}

/** The best 100 chunks of BM25 hold 98 % of what was sought on public questions; the rest tells how much of a file is about it. */
const candidateLimit = 150;
/** A name with more definitions than this (`get`, `init`) says nothing. */
const maxDefinitions = 100;
/** Worth of a definition by how its name was asked for; `words` by the number of adjacent words it takes up. */
const wholeWeight = 3;
const identifierWeight = 1.5;
const wordsWeights = [0, 0.15, 0.6, 0.9, 0.9];
/** A definition of less worth counts only for chunks that the other searches find. */
const tellingWeight = 0.3;
const typeFactor = 1.2;
/** A search is made anew when what it found has been superseded meanwhile, but only so often. */
const maxSearches = 3;
const typeKinds = new Set(['class', 'interface', 'type', 'enum', 'module', 'table']);

/**
 * Runs the searches of one project: full text, vectors, symbol table. Each file is found in one generation: superseded ones are
 * dropped, and where that would hide a file that changed during the search, the search is made anew.
 */
export async function gather(project: SearchableProject, request: GatherRequest): Promise<Finds> {
  const { catalogue } = project;
  for (let searches = 1; ; searches++) {
    const revision = catalogue.revision();
    const finds = await searchOnce(project, request);
    const served = catalogue.generations(filesOf(finds));
    const current = only(finds, ({ file, generation }) => served.get(file) === generation);
    const isWhole = sizeOf(current) === sizeOf(finds) && !finds.missesDefinitions;
    if (isWhole || catalogue.revision() === revision) return current;
    if (searches === maxSearches) return newest(only(finds, ({ file }) => served.has(file)));
  }
}

async function searchOnce(project: SearchableProject, request: GatherRequest): Promise<RawFinds> {
  const { query, vector, filter } = request;
  const definitions = askedDefinitions(project.catalogue, query.names);
  const options = { limit: candidateLimit, filter };
  const defined = telling(definitions);
  const [lexical, dense, outlines] = await Promise.all([
    searchText(project.store, query, filter),
    vector === null ? [] : project.store.searchVector(vector, options),
    defined.length > 0 ? project.store.outline(defined) : [],
  ]);
  const defining = outlines.filter((outline) => passes(outline, filter)).map((outline) => ({ ...outline, score: 0 }));
  const missesDefinitions = outlines.length < defined.length;
  return { project, definitions, lexical, dense, defining, missesDefinitions };
}

/** What full text finds for a question, best first. */
async function searchText(store: VectorStore, query: Query, filter: StoreFilter): Promise<readonly StoreHit[]> {
  return query.terms.length > 0 ? store.searchText(query.terms, { limit: candidateLimit, filter }) : [];
}

function askedDefinitions(catalogue: CatalogueReader, names: readonly AskedName[]): Map<number, AskedDefinition[]> {
  const byChunk = new Map<number, AskedDefinition[]>();
  for (const asked of names) {
    const found = catalogue.symbolsNamed([asked.name], maxDefinitions + 1);
    if (found.length > maxDefinitions) continue;
    for (const symbol of found) {
      const kindFactor = typeKinds.has(symbol.kind) ? typeFactor : 1;
      const definition = { symbol, name: asked.name, weight: kindFactor * nameWeight(asked, found.length) };
      byChunk.set(symbol.chunk, [...(byChunk.get(symbol.chunk) ?? []), definition]);
    }
  }
  return byChunk;
}

function nameWeight(asked: AskedName, definitions: number): number {
  if (asked.source === 'whole') return wholeWeight;
  if (asked.source === 'identifier') return identifierWeight;
  return (wordsWeights[asked.length] ?? 0) / Math.sqrt(definitions);
}

/** Chunks that are worth a look for the names they define alone. */
function telling(definitions: ReadonlyMap<number, readonly AskedDefinition[]>): number[] {
  return [...definitions].filter(([, asked]) => asked.some(({ weight }) => weight >= tellingWeight)).map(([id]) => id);
}

function passes({ file, language }: ChunkOutline, filter: StoreFilter): boolean {
  return (filter.files?.includes(file) ?? true) && (filter.languages?.includes(language) ?? true);
}

function filesOf({ lexical, dense, defining }: Finds): readonly number[] {
  return [...new Set([lexical, dense, defining].flatMap((hits) => hits.map(({ file }) => file)))];
}

function sizeOf({ lexical, dense, defining }: Finds): number {
  return lexical.length + dense.length + defining.length;
}

/** The finds without the chunks that are not wanted. */
function only({ project, definitions, lexical, dense, defining }: Finds, wanted: (hit: StoreHit) => boolean): Finds {
  const of = (hits: readonly StoreHit[]): readonly StoreHit[] => hits.filter(wanted);
  return { project, definitions, lexical: of(lexical), dense: of(dense), defining: of(defining) };
}

/** Of each file the newest generation that was found: whole, though a newer one may be recorded by now. */
function newest(finds: Finds): Finds {
  const generations = new Map<number, number>();
  for (const { file, generation } of [...finds.lexical, ...finds.dense, ...finds.defining]) {
    generations.set(file, Math.max(generation, generations.get(file) ?? 0));
  }
  return only(finds, ({ file, generation }) => generations.get(file) === generation);
}

/** Merges the finds of all projects into candidates, scores scaled to 0…1 over all of them. */
export function candidatesOf(finds: readonly Finds[]): Candidate[] {
  const lexicalMax = Math.max(...finds.flatMap(({ lexical }) => lexical.map(({ score }) => score)), 0);
  const denseScores = finds.flatMap(({ dense }) => dense.map(({ score }) => score));
  const denseMax = Math.max(...denseScores, 0);
  const denseMin = Math.min(...denseScores, denseMax);
  return finds.flatMap(({ project, lexical, dense, defining, definitions }) => {
    const lexicalById = new Map(lexical.map(({ id, score }, rank) => [id, { score: score / lexicalMax, rank }]));
    const denseById = new Map(dense.map(({ id, score }, rank) => [id, { score, rank }]));
    const scaled = (cosine: number): number => (cosine - denseMin) / (denseMax - denseMin || 1);
    const hits = new Map([...defining, ...dense, ...lexical].map((hit) => [hit.id, hit]));
    return [...hits.values()].map((hit) => {
      const { score: lexicalScore = 0, rank: lexicalRank = notRanked } = lexicalById.get(hit.id) ?? {};
      const { score: cosine = denseMin, rank: denseRank = notRanked } = denseById.get(hit.id) ?? {};
      return {
        project: project.name,
        hit,
        lexical: lexicalScore,
        dense: scaled(cosine),
        cosine,
        lexicalRank,
        denseRank,
        definitions: definitions.get(hit.id) ?? [],
      };
    });
  });
}
