import type { ResolvedConfig } from '../config.ts';
import { toServiceError } from '../core/errors.ts';
import type { AuditArchive } from '../core/gateway/audit-archive.ts';
import type { ReadableIndex } from '../store/index-folder.ts';
import type { KeyControl } from '../verbs/access/keys.ts';
import type { DoctorReport } from '../verbs/doctor/doctor-report.ts';
import type { ModelControl } from '../verbs/models/model-control.ts';
import type { ProjectSelection, StatusReport } from '../verbs/reports.ts';

/** What is looked after beside the projects. Each part is loaded when it is asked for. */
export interface Administration {
  /** Who may ask `lorekeep serve`. */
  keys(): Promise<KeyControl>;
  /** The models of the Ollama server. Errors: `config_invalid`, `forbidden` for its address. */
  models(): Promise<ModelControl>;
  /** What the service has noted of its requests. */
  audit(): Promise<AuditArchive>;
  /** Looks at everything that Lorekeep needs here. Throws only when it is stopped. */
  doctor(projects: ProjectSelection, signal: AbortSignal): Promise<DoctorReport>;
}

/** What administration takes from the rest of the service. */
export interface AdministrationWiring {
  readonly config: ResolvedConfig;
  readonly projectNames: () => readonly string[];
  /** The index of a project by its name. Errors: those of opening it. */
  readonly open: (name: string) => Pick<ReadableIndex, 'catalogue' | 'store'>;
  /** Name of the one project of a selection. Errors: `not_indexed`. */
  readonly projectOf: (projects: ProjectSelection) => string;
  readonly status: (projects: ProjectSelection) => Promise<StatusReport>;
}

/** Wires what is looked after beside the projects. */
export function openAdministration({
  config,
  projectNames,
  projectOf,
  open,
  status,
}: AdministrationWiring): Administration {
  return {
    async keys() {
      const { openKeyControl } = await import('./access.ts');
      const { openServiceAudit } = await import('./audit.ts');
      return openKeyControl(config.values, { openAudit: () => openServiceAudit(config.values), projectNames });
    },
    async models() {
      const { openModelControl } = await import('./models.ts');
      return openModelControl(config.values);
    },
    async audit() {
      const { auditArchive } = await import('./audit.ts');
      return auditArchive(config.values);
    },
    async doctor(projects, signal) {
      const { examineMachine } = await import('./doctor.ts');
      const { doctorIndexes } = await import('./doctor/doctor-indexes.ts');
      const current = await nameOrNull(projects);
      return examineMachine(config.values, doctorIndexes({ projectNames, open, status }, current), signal);
    },
  };

  /** Null where the selection has no project. */
  async function nameOrNull(projects: ProjectSelection): Promise<string | null> {
    try {
      return projectOf(projects);
    } catch (error) {
      if (toServiceError(error).code === 'not_indexed') return null;
      throw error;
    }
  }
}
