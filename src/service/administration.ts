import type { ResolvedConfig } from '../config.ts';
import { toServiceError } from '../core/errors.ts';
import type { AuditArchive } from '../core/gateway/audit-archive.ts';
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
  readonly status: (projects: ProjectSelection) => Promise<StatusReport>;
}

/** Wires what is looked after beside the projects. */
export function openAdministration({ config, projectNames, status }: AdministrationWiring): Administration {
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
      return examineMachine(config.values, async () => statusOrNull(projects), signal);
    },
  };

  async function statusOrNull(projects: ProjectSelection): Promise<StatusReport | null> {
    try {
      return await status(projects);
    } catch (error) {
      if (toServiceError(error).code === 'not_indexed') return null;
      throw error;
    }
  }
}
