import { resolve } from 'node:path';
import { indexingOptions } from '../../config-indexing.ts';
import { ServiceError } from '../../core/errors.ts';
import { flagList, flagText, hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { configFlags, everyCommand, projectFlag } from '../common-flags.ts';
import { atMostOne } from '../question.ts';
import { runIndexing } from '../run-indexing.ts';

/** `lorekeep index`: make or refresh the index of a folder. */
export const indexCommand: Command = {
  name: 'index',
  parameters: '[folder]',
  summary: 'Make or refresh the index of a folder.',
  description:
    'Makes the index of a folder (the current one by default), or refreshes it: only files that changed are read.\n' +
    'Follows .gitignore and .lorekeepignore. Index data lies outside the project. Ctrl-C keeps what is finished.\n' +
    'Where a process keeps the index current (`lorekeep watch`, `lorekeep serve`), that one is asked to do it.',
  flags: [
    { name: 'name', value: '<name>', summary: "Name of the project (default: the folder's name)." },
    { name: 'rebuild', summary: 'Make the index anew; the old one serves until the new one is complete.' },
    { ...projectFlag, repeatable: false, summary: 'Project to refresh, by name or folder.' },
    ...configFlags(...indexingOptions),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep index', 'the current folder'],
    ['lorekeep index ~/work/shop --name shop', 'another folder, under a name'],
    ['lorekeep index --embedder ollama:nomic-embed-text', 'with vectors from a local Ollama'],
    ['lorekeep index --embedder openai:<model>', 'with vectors from LM Studio, llama.cpp, vLLM, …'],
    ['lorekeep index --rebuild', 'from nothing'],
  ],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal } = context;
  const folder = atMostOne('index', invocation);
  const named = flagList(invocation, 'project');
  if (folder !== undefined && named.length > 0) {
    throw new ServiceError('request_invalid', 'Name the project either as a folder or with --project, not both.');
  }
  const name = flagText(invocation, 'name');
  const service = await context.openService();
  const request = {
    folder:
      folder === undefined
        ? await service.folderOf({ currentFolder: context.currentFolder, named })
        : resolve(context.currentFolder, folder),
    rebuild: hasFlag(invocation, 'rebuild'),
    ...(name === undefined ? {} : { name }),
  };
  const summary = await runIndexing(service, request, context);
  if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(summary)}\n`);
  else terminal.note(`Now ask: lorekeep ask "…"${named.length > 0 ? ` --project ${named.at(-1)}` : ''}`);
}
