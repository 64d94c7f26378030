/** Names of files that hold secrets, with what they are. Compared in lower case. */
const secretFileNames: ReadonlyMap<string, string> = new Map([
  ...named('private key', ['id_rsa', 'id_dsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk']),
  ...named('login data', ['.netrc', '_netrc', '.git-credentials', '.pgpass', 'pgpass.conf', '.my.cnf', '.mylogin.cnf']),
  ...named('login data', ['.htpasswd', '.pypirc', '.dockercfg', '.s3cfg', '.boto', '.vault-token', '.vault_pass']),
  ...named('login data', ['credentials.json', 'application_default_credentials.json', 'kubeconfig', 'rclone.conf']),
]);

/** Names that say nothing by themselves, but do in their folder. */
const secretPaths: ReadonlyMap<string, string> = new Map([
  ...named('login data', ['.aws/credentials', '.docker/config.json', '.kube/config', '.cargo/credentials']),
  ...named('login data', ['.cargo/credentials.toml', '.gem/credentials', 'gh/hosts.yml', 'gcloud/credentials.db']),
]);

/** Endings of files that hold secrets. */
const secretExtensions: ReadonlyMap<string, string> = new Map([
  ...named('private key', ['key', 'ppk', 'p8', 'keytab']),
  ...named('key store', ['jks', 'keystore', 'p12', 'pfx', 'pkcs12', 'bks', 'kdb', 'kdbx']),
  ...named('environment file', ['env']),
  ...named('state with credentials in plain text', ['tfstate']),
]);

/** `.env.example` and the like show which variables there are; by convention they hold no secrets. */
const templateWords = new Set(['example', 'sample', 'template', 'dist', 'defaults', 'schema', 'tpl', 'tmpl']);

/** Why a file is kept closed for its name alone, '' if it is not. */
export function secretName(path: string): string {
  const parts = path.toLowerCase().split('/');
  const name = parts.at(-1) ?? '';
  const words = name.split('.').filter(Boolean);
  const isTemplate = words.some((word) => templateWords.has(word));
  if (name.startsWith('.env') && !isTemplate && /^\.env(rc)?($|[.\-_])/.test(name)) return 'environment file';
  const byName = secretFileNames.get(name) ?? secretPaths.get(parts.slice(-2).join('/'));
  if (byName !== undefined) return byName;
  if (/^client_secret.*\.json$/.test(name)) return 'login data';
  if (isTemplate || words.length < 2) return '';
  const extension = words.at(-1) === 'backup' ? words.at(-2) : words.at(-1);
  return secretExtensions.get(extension ?? '') ?? '';
}

function named(what: string, names: readonly string[]): readonly (readonly [string, string])[] {
  return names.map((name) => [name, what]);
}
