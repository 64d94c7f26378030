import type { CommandGroup } from '../../command.ts';
import { benchModelCommand } from './bench.ts';
import { createModelCommand } from './create.ts';
import { listModelsCommand } from './list.ts';
import { pullModelCommand } from './pull.ts';
import { removeModelCommand } from './remove.ts';
import { showModelCommand } from './show.ts';

/** `lorekeep models …`: the models of the Ollama server. */
export const modelsCommands: CommandGroup = {
  name: 'models',
  summary: 'List, make, measure and delete the models of Ollama.',
  description: 'Manages the models of the Ollama server that --model-url names, through its API.',
  commands: {
    list: listModelsCommand,
    show: showModelCommand,
    create: createModelCommand,
    pull: pullModelCommand,
    remove: removeModelCommand,
    bench: benchModelCommand,
  },
};
