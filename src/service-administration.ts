import type { ResolvedConfig } from './config.ts';
import type { KeyControl } from './verbs/access/keys.ts';
import type { ModelControl } from './verbs/models/model-control.ts';

/** What is looked after beside the projects. Each part is loaded when it is asked for. */
export interface Administration {
  /** Who may ask `lorekeep serve`. */
  keys(): Promise<KeyControl>;
  /** The models of the Ollama server. Errors: `config_invalid`, `forbidden` for its address. */
  models(): Promise<ModelControl>;
}

/** What administration takes from the rest of the service. */
export interface AdministrationWiring {
  readonly config: ResolvedConfig;
  readonly projectNames: () => readonly string[];
}

/** Wires what is looked after beside the projects. */
export function openAdministration({ config, projectNames }: AdministrationWiring): Administration {
  return {
    async keys() {
      const { openKeyControl } = await import('./service-access.ts');
      return openKeyControl(config.values, { audit: null, projectNames });
    },
    async models() {
      const { openModelControl } = await import('./service-models.ts');
      return openModelControl(config.values);
    },
  };
}
