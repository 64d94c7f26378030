import { grammarVersion } from '../../grammars/grammar.ts';
import { sha256 } from '../../src/core/hash.ts';
import { termsVersion } from '../../src/text/terms.ts';
import { chunkRulesVersion, type ChunkOptions } from './chunk-options.ts';

/**
 * Tells the version to stamp on files of a language; each language is worked out once. Equal versions cut the same text
 * into the same chunks and terms.
 */
export function chunkerVersions(options: ChunkOptions): (language: string) => string {
  const known = new Map<string, string>();
  return (language) => {
    const version = known.get(language) ?? versionOf(language, options);
    known.set(language, version);
    return version;
  };
}

function versionOf(language: string, { targetChars, maxChars, maxLineChars, ownChars }: ChunkOptions): string {
  const sizes = [targetChars, maxChars, maxLineChars, ownChars].join('-');
  const grammar = grammarVersion(language);
  return `${chunkRulesVersion}.${termsVersion}.${sizes}.${grammar === '' ? 'lines' : sha256(grammar).slice(0, 12)}`;
}
