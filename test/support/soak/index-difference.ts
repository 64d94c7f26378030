import { BuiltinEmbedder } from '../../../src/model/builtin/builtin-embedder.ts';
import { openIndexForWriting } from '../../../src/store/index-folder.ts';
import { differenceOf } from '../changes/change-sequence.ts';
import { exportIndex } from '../changes/export-index.ts';

/** Compares an index that was kept current with a new one, both in folders; a few lines on what differs, '' if nothing. */
export async function indexDifference(of: {
  readonly live: string;
  readonly fresh: string;
  /** Definitions to compare. */
  readonly names: readonly string[];
}): Promise<string> {
  return differenceOf(await exported(of.live, of.names), await exported(of.fresh, of.names));
}

async function exported(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const index = await openIndexForWriting(folder, await new BuiltinEmbedder().identity());
  const { catalogue: reader, writer, store } = index;
  try {
    return await exportIndex({ catalogue: { reader, writer }, store }, names);
  } finally {
    await index.close();
  }
}
