/** What a unit of systemd runs, and what it may touch. All paths are absolute. */
export interface UnitOptions {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly user: string;
  /** The only folder that it writes to. */
  readonly dataFolder: string;
  /** What it reads and may lie in a home folder: the program, projects, keys. */
  readonly readable: readonly string[];
  /** False: clients of other machines reach it. */
  readonly isLocal: boolean;
  readonly port: number;
}

/**
 * A unit that runs the service with as few rights as it needs: it sees no home folder but what is named, writes to its data folder
 * only, and reaches this machine only. V8 makes code at run time, so MemoryDenyWriteExecute must stay off.
 */
export function systemdUnit(options: UnitOptions): string {
  const capabilities = options.port > 0 && options.port < 1_024 ? 'CAP_NET_BIND_SERVICE' : '';
  const networks = options.isLocal ? [] : ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8'];
  return [
    '[Unit]',
    'Description=Lorekeep: answers questions about private code',
    'After=network.target',
    '',
    '[Service]',
    'Type=exec',
    // Only here variables are filled in.
    `ExecStart=${options.command.map((word) => quoted(word.replaceAll('$', '$$$$'))).join(' ')}`,
    `User=${options.user}`,
    'Restart=on-failure',
    'RestartSec=2',
    '# It ends by itself within 10 seconds, after the requests that it is answering.',
    'TimeoutStopSec=20',
    '',
    '# Files',
    'ProtectSystem=strict',
    'ProtectHome=tmpfs',
    ...options.readable.map((path) => `BindReadOnlyPaths=${quoted(`-${path}`)}`),
    `BindPaths=${quoted(options.dataFolder)}`,
    `ReadWritePaths=${quoted(options.dataFolder)}`,
    'PrivateTmp=yes',
    'UMask=0077',
    '',
    '# Network',
    ...(options.isLocal ? [] : ['# Keep only the networks of your clients.']),
    'IPAddressDeny=any',
    `IPAddressAllow=${['localhost', ...networks].join(' ')}`,
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
    '',
    '# Rights',
    `CapabilityBoundingSet=${capabilities}`,
    `AmbientCapabilities=${capabilities}`,
    ...(capabilities === '' ? ['PrivateUsers=yes'] : []),
    ...fixedRights,
    '',
    '# Bounds',
    'LimitCORE=0',
    'MemoryMax=75%',
    'TasksMax=512',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

const fixedRights = [
  'NoNewPrivileges=yes',
  '# A graphics processor for models in a GGUF file needs PrivateDevices=no.',
  'PrivateDevices=yes',
  'DevicePolicy=closed',
  'PrivateMounts=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectProc=invisible',
  'RemoveIPC=yes',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'KeyringMode=private',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
  'SystemCallErrorNumber=EPERM',
];

/** A word of a unit file, quoted where it must be; systemd fills in what stands behind a percent sign. */
function quoted(word: string): string {
  const plain = word.replaceAll('%', '%%');
  if (/^[\w%$@+=,./-]+$/.test(plain)) return plain;
  return `"${plain.replace(/[\\"]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`;
}
