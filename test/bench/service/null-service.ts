// The service in a process of its own, with a model server in that process that answers at once: what is left is what Lorekeep costs.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FairQueue } from '../../../src/access/fair-queue.ts';
import { KeyGatekeeper } from '../../../src/access/gatekeeper.ts';
import { createKey } from '../../../src/access/keys.ts';
import { queuedServer } from '../../../src/access/queued-server.ts';
import { openAuditLog } from '../../../src/audit/audit-log.ts';
import { protocols } from '../../../src/http/protocols.ts';
import { startServer } from '../../../src/http/server.ts';
import { KeyFile } from '../../../src/store/key-file.ts';
import { gatewayOn } from '../../support/scripted-gateway.ts';
import { scriptedModelServer } from '../../support/scripted-model-server.ts';
import { servedProject } from '../../support/served-project.ts';
import { stubModel } from './stub-ollama.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-bench-'));
const clock = (): number => performance.now();
const store = new KeyFile({ path: join(folder, 'keys.json'), now: clock, newId: randomUUID });
const { key, record } = createKey(
  { name: 'bench', projects: null, isAdmin: false, expiresAt: null },
  { now: Date.now },
);
store.add(record);
const audit = openAuditLog({ folder: join(folder, 'audit'), now: () => new Date() });
const project = await servedProject();
const queue = new FairQueue({ slots: 64, length: 1_000, now: clock });
const models = scriptedModelServer({ info: { name: stubModel } });
const gateway = gatewayOn(models, {
  projects: { ...project.projects, names: () => ['parcel-desk'] },
  models,
  enter: ({ id }) => queuedServer(models, queue, id),
  model: stubModel,
});
const server = await startServer({
  parts: {
    gateway,
    audit,
    version: '0',
    hosts: [],
    origins: [],
    maxBodyBytes: 16_000_000,
    auditContents: false,
    gatekeeper: new KeyGatekeeper({
      store,
      fixedKey: null,
      allowAnonymous: false,
      now: Date.now,
      requestsPerMinute: 0,
    }),
    now: () => new Date(),
    newId: randomUUID,
  },
  host: '127.0.0.1',
  port: 0,
  tls: null,
  page: null,
  allowAnonymous: false,
  protocols,
  clock,
});
process.once('SIGTERM', () => void stop());
process.send?.({ url: server.url, key });

async function stop(): Promise<void> {
  await server.close();
  await audit.close();
  await project[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}
