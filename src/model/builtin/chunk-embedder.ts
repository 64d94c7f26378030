import type { OpenChunkEmbedder } from '../../core/embedding.ts';
import { StaticModel } from './static-model.ts';

/** Opens the model in a thread that was handed its memory. */
export const openChunkEmbedder: OpenChunkEmbedder = ({ memory, dimension }) => new StaticModel(memory, dimension);
