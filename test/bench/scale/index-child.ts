import { indexProject } from '../../../indexer/run/index-project.ts';
import { createIgnoreMatcher } from '../../../indexer/walk/walk.ts';
import { openIndexForWriting } from '../../../src/store/index-folder.ts';
import { benchEmbedder } from '../bench-embedder.ts';

// Brings the index in a folder up to date with a project and prints the report, as JSON.
const [project = '', folder = '', embedderName = ''] = process.argv.slice(2);
const embedder = benchEmbedder(embedderName);
const index = await openIndexForWriting(folder, embedder === null ? null : await embedder.identity());
const report = await indexProject(
  {
    matcher: createIgnoreMatcher(project, {}),
    catalogue: { reader: index.catalogue, writer: index.writer },
    store: index.store,
    embedder,
  },
  { now: () => new Date() },
);
await index.close();
console.log(JSON.stringify(report));
