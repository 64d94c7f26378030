// Runs the commands of README.md: lines that begin with `$ ` in its console blocks. `node .ci/readme-commands.mjs "Try
// it"` runs those below that heading, `--except "Try it" …` all others. Stops at the first that fails. Needs no packages.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Commands in order, each with the second-level heading it stands under. */
function readCommands(markdown) {
  const commands = [];
  let heading = '';
  let isConsole = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('## ')) heading = line.slice(3).trim();
    if (line.startsWith('```')) isConsole = line === '```console';
    else if (isConsole && line.startsWith('$ ')) commands.push({ heading, command: line.slice(2) });
  }
  return commands;
}

function run(command) {
  const start = Date.now();
  console.log(`\n$ ${command}`);
  const { status } = spawnSync('bash', ['-c', command], { stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`-- ${((Date.now() - start) / 1000).toFixed(0)} s, status ${status}`);
  if (status !== 0) process.exit(1);
}

const [first, ...others] = process.argv.slice(2);
const isAsked = first === '--except' ? ({ heading }) => !others.includes(heading) : ({ heading }) => heading === first;
const asked = readCommands(readFileSync('README.md', 'utf8')).filter(isAsked);
if (asked.length === 0) {
  console.error('README.md has no such commands.');
  process.exit(1);
}
for (const { command } of asked) run(command);
