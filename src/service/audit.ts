import { join } from 'node:path';
import { openAuditArchive } from '../audit/audit-archive.ts';
import { openAuditLog } from '../audit/audit-log.ts';
import type { Config } from '../config-options.ts';
import type { AuditArchive } from '../core/gateway/audit-archive.ts';
import type { AuditLog } from '../core/gateway/trace.ts';

/** The audit log of the data home, for appending. Whoever opens it closes it, so that no line is lost. */
export function openServiceAudit(values: Pick<Config, 'dataFolder'>): AuditLog {
  return openAuditLog({ folder: auditFolder(values), now: () => new Date() });
}

/** The audit log of the data home, for reading. */
export function auditArchive(values: Pick<Config, 'dataFolder'>): AuditArchive {
  return openAuditArchive(auditFolder(values));
}

function auditFolder({ dataFolder }: Pick<Config, 'dataFolder'>): string {
  return join(dataFolder, 'audit');
}
