import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { SqliteCatalogueReader } from '../../src/store/catalogue/reader.ts';
import { createCatalogue, openCatalogue } from '../../src/store/catalogue/schema.ts';
import { SqliteCatalogueWriter } from '../../src/store/catalogue/writer.ts';
import { catalogueContract, type OpenCatalogue } from './catalogue.ts';
import { catalogueJournalContract } from './catalogue-journal.ts';
import { currentCatalogueContract } from './current-catalogue.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-catalogue-'));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openSqlite(): Promise<OpenCatalogue> {
  const path = join(folder, `${files++}.sqlite`);
  const database = createCatalogue(path);
  const other = openCatalogue(path, true);
  return {
    reader: new SqliteCatalogueReader(database),
    writer: new SqliteCatalogueWriter(database),
    elsewhere: new SqliteCatalogueReader(other),
    close: async () => {
      other.close();
      database.close();
    },
  };
}

catalogueContract('SqliteCatalogue', openSqlite);
catalogueJournalContract('SqliteCatalogue', openSqlite);
currentCatalogueContract('SqliteCatalogue', openSqlite);
