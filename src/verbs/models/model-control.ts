import { ServiceError } from '../../core/errors.ts';
import type {
  InstalledModel,
  ModelDetails,
  ModelLibrary,
  ModelRecipe,
  ModelWatch,
} from '../../core/gateway/model-library.ts';
import { benchModel } from './bench-model.ts';
import type { BenchControl, BenchReport, BenchRequest } from './bench-model.ts';

/** What the model verbs work with. */
export interface ModelParts {
  readonly library: ModelLibrary;
  /** Reads a Modelfile by its absolute path. */
  readonly readRecipe: (path: string) => ModelRecipe;
  /** For messages: where the server is. */
  readonly server: string;
}

/** A model to fetch. */
export interface PullRequest {
  readonly model: string;
  /** True when a person said that the internet may be used for it. */
  readonly fromInternet: boolean;
}

/** A model to make. */
export interface CreateRequest {
  readonly model: string;
  /** Absolute path of its Modelfile. */
  readonly modelfile: string;
  /** Counts more than a QUANTIZE line; null for none. */
  readonly quantize: string | null;
}

/** What can be done with the models of the server. Errors as the library's. */
export interface ModelControl {
  list(signal: AbortSignal): Promise<readonly InstalledModel[]>;
  show(model: string, signal: AbortSignal): Promise<ModelDetails>;
  /** Errors: `forbidden` unless the request says that the internet may be used. */
  pull(request: PullRequest, watch: ModelWatch): Promise<ModelDetails>;
  create(request: CreateRequest, watch: ModelWatch): Promise<ModelDetails>;
  remove(model: string, signal: AbortSignal): Promise<void>;
  bench(request: BenchRequest, control: BenchControl): Promise<BenchReport>;
}

/** The model verbs over their parts. */
export function modelControl({ library, readRecipe, server }: ModelParts): ModelControl {
  return {
    list: (signal) => library.list(signal),
    show: (model, signal) => library.show(model, signal),
    async pull({ model, fromInternet }, watch) {
      if (!fromInternet) throw refusedPull(model, server);
      await library.pull(model, watch);
      return library.show(model, watch.signal);
    },
    async create({ model, modelfile, quantize }, watch) {
      const recipe = readRecipe(modelfile);
      // Ollama would download a model that it lacks, unasked.
      if (recipe.from !== null) await library.show(recipe.from, watch.signal);
      await library.create(model, { ...recipe, quantize: quantize ?? recipe.quantize }, watch);
      return library.show(model, watch.signal);
    },
    remove: (model, signal) => library.remove(model, signal),
    bench: (request, control) => benchModel(library, request, control),
  };
}

function refusedPull(model: string, server: string): ServiceError {
  return new ServiceError(
    'forbidden',
    `This would have Ollama at ${server} download "${model}" from the internet. Lorekeep itself never downloads anything. ` +
      `If you want it, say so: lorekeep models pull ${model} --from-internet`,
  );
}
