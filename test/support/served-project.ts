import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { indexProject } from '../../indexer/run/index-project.ts';
import { createIgnoreMatcher } from '../../indexer/walk/walk.ts';
import { loadConfig } from '../../src/config.ts';
import { BuiltinEmbedder } from '../../src/model/builtin/builtin-embedder.ts';
import { ServedIndexes } from '../../src/service/serving/served-indexes.ts';
import { openIndexForWriting } from '../../src/store/index-folder.ts';
import type { ServedProjects } from '../../src/verbs/gateway/served.ts';

const source = fileURLToPath(new URL('../fixtures/projects/parcel-desk', import.meta.url));

/** A copy of the fixture project `parcel-desk` with its index, as a running service sees it. */
export class ServedProject implements AsyncDisposable {
  /** Holds the copy; other files may be put beside it. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'lorekeep-served-')));
  readonly root = join(this.folder, 'parcel-desk');
  readonly #indexFolder = join(this.folder, 'index');
  #indexes: ServedIndexes | null = null;
  /** It, and one that has no index yet. */
  readonly projects: ServedProjects = {
    names: () => ['parcel-desk', 'new-one'],
    ready: async (names) => (await this.#opened()).ready(names),
    states: async () => [],
    reindex: () => undefined,
    look: () => undefined,
  };

  /** Brings the files back to what they were. */
  restore(): void {
    rmSync(this.root, { recursive: true, force: true });
    cpSync(source, this.root, { recursive: true });
  }

  async index(): Promise<void> {
    const embedder = new BuiltinEmbedder();
    const index = await openIndexForWriting(this.#indexFolder, await embedder.identity());
    const catalogue = { reader: index.catalogue, writer: index.writer };
    const parts = { matcher: createIgnoreMatcher(this.root, {}), catalogue, store: index.store, embedder };
    await indexProject(parts, { now: () => new Date() });
    await index.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#indexes?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #opened(): Promise<ServedIndexes> {
    const { values } = await loadConfig({ environment: {} });
    const project = { name: 'parcel-desk', root: this.root, indexFolder: this.#indexFolder };
    this.#indexes ??= new ServedIndexes([project], values);
    return this.#indexes;
  }
}

/** The project, indexed. */
export async function servedProject(): Promise<ServedProject> {
  const project = new ServedProject();
  project.restore();
  await project.index();
  return project;
}
