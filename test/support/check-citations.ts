import { CitationFilter, type CitationOutcome } from '../../src/answer/citations.ts';

/** Checks the citations of a whole answer at once. */
export function checkCitations(text: string, evidenceCount: number): CitationOutcome & { readonly text: string } {
  const filter = new CitationFilter(evidenceCount);
  const checked = filter.push(text) + filter.end();
  return { text: checked, ...filter.outcome() };
}
