import { z } from 'zod';
import { optionDefaults } from './config-defaults.ts';
import { optionTable } from './config-options.ts';
import type { Config, OptionName } from './config-options.ts';

const bytes = z.int().min(1_000).max(1_000_000_000);

const url = z.string().regex(/^(https?:\/\/[^/]|unix:\/)/, 'expected http://host:port, https://host or unix:/path');

/** What may stand in a header. */
const headerText = z.string().regex(/^[!-~]*$/, 'expected ASCII letters, digits and signs, without blanks');

const shapes = {
  dataFolder: z.string().min(1),
  modelUrl: url,
  allowedHosts: z.array(z.string().regex(/^[^\s/]+$/, 'expected a host name or host:port')),
  model: z.string().min(1),
  embedder: z
    .string()
    .regex(
      /^(builtin|none|ollama:(?!builtin$|openai:)\S+|openai:\S+)$/,
      'expected "builtin", "ollama:<model>", "openai:<model>" or "none"',
    ),
  embedderUrl: url,
  embedderKey: headerText,
  maxCodeBytes: bytes,
  maxDataBytes: bytes,
  chunkCharacters: z.int().min(100).max(20_000),
  workers: z.int().min(1).max(64),
  memoryBudgetMb: z.int().min(300).max(1_000_000),
  answerReadingSeconds: z.number().min(1).max(3_600),
  answerTokens: z.int().min(50).max(32_000),
  modelIdleTimeoutMs: z.int().min(100).max(3_600_000),
  modelTotalTimeoutMs: z.int().min(1_000).max(86_400_000),
  generatorUrl: url,
  generatorKey: headerText,
  modelAliases: z.array(z.string().regex(/^[^\s=]+=[^\s=]+$/, 'expected name=model')),
  listenHost: z.string().regex(/^[^\s/]+$/, 'expected a host name or an address'),
  listenPort: z.int().min(0).max(65_535),
  serverNames: z.array(z.string().regex(/^[^\s/:]+$/, 'expected a host name without a port')),
  allowedOrigins: z.array(
    z.string().regex(/^[a-z][a-z\d+.-]*:\/\/[^\s/]+$/, 'expected scheme://host or scheme://host:port'),
  ),
  tlsCert: z.string(),
  tlsKey: z.string(),
  apiKey: headerText.refine((key) => key === '' || key.length >= 24, 'expected at least 24 characters'),
  apiKeyFile: z.string(),
  generationSlots: z.int().min(1).max(256),
  queueLength: z.int().min(0).max(10_000),
  requestsPerMinute: z.int().min(0).max(1_000_000),
  reconcileSeconds: z.int().min(1).max(86_400),
  answerCacheBytes: z.int().min(0).max(1_000_000_000_000),
  auditContents: z.enum(['hashes', 'all']),
} satisfies Record<OptionName, z.ZodType>;

/** Options as given: each may be absent, none may be unknown. */
const configSchema = z.strictObject(shapes).partial();

type Given = { -readonly [Key in OptionName]?: Config[Key] | undefined };

/** Problems of a set of options as given, one sentence each; the values when there are none. */
export function checkOptions(given: unknown): { readonly values: Given; readonly problems: readonly string[] } {
  const result = configSchema.safeParse(given);
  if (result.success) return { values: result.data, problems: [] };
  return { values: {}, problems: result.error.issues.map(describeIssue) };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown option ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  const where = issue.path.map(String).join('.');
  return where === '' ? issue.message : `"${where}": ${issue.message}`;
}

/** JSON Schema (draft 2020-12) of a configuration file, with a sentence and a default for each option. */
export function configJsonSchema(): object {
  const described = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const option = name as OptionName;
      const fallback = option === 'dataFolder' ? {} : { default: optionDefaults[option] };
      return [name, shape.meta({ description: optionTable[option].summary, ...fallback })];
    }),
  );
  return z.toJSONSchema(z.strictObject(described).partial(), { io: 'input' });
}
