// Adds to package-lock.json the packages for other platforms that npm left out because the registry it asked did not
// have them; `npm ci` refuses a lock file in which they are missing. Run it after `npm install` has changed the lock.
import { readFileSync, writeFileSync } from 'node:fs';

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];

/** The platform that a package is for, as far as its name tells: `@oxlint/binding-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = [
    ...(words.some((word) => word.startsWith('gnu')) ? ['glibc'] : []),
    ...(words.some((word) => word.startsWith('musl')) ? ['musl'] : []),
  ];
  return { cpu, libc, os };
}

const lockPath = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(lockPath, 'utf8'));
const added = [];
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    const { cpu, libc, os } = platformOf(name);
    if (lock.packages[key] || os.length === 0 || !/^\d+\.\d+\.\d+$/.test(version)) continue;
    lock.packages[key] = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(parent.dev && { dev: true }),
      ...(libc.length > 0 && { libc }),
      optional: true,
      os,
    };
    added.push(name);
  }
}
const byName = Object.entries(lock.packages).sort(([left], [right]) => left.localeCompare(right, 'en'));
writeFileSync(lockPath, `${JSON.stringify({ ...lock, packages: Object.fromEntries(byName) }, null, 2)}\n`);
console.log(`${added.length} packages of other platforms added to package-lock.json`);
