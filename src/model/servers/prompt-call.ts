import { ServiceError } from '../../core/errors.ts';
import type { ChatMessage, CompletionCall, ModelCall, ModelDone } from '../../core/gateway/model-server.ts';

/** A prompt that is not raw is a conversation of one message: the model's template goes around it. */
export function promptMessages({ system, prompt, images }: CompletionCall): readonly ChatMessage[] {
  if (prompt === '') return [];
  const user: ChatMessage = { role: 'user', content: prompt, ...(images === undefined ? {} : { images }) };
  return system === undefined || system === '' ? [user] : [{ role: 'system', content: system }, user];
}

/** Throws `request_invalid` for what only Ollama can do with a prompt; `who` begins the sentence. */
export function refuseOllamaOnly({ template, context, raw, images = [] }: CompletionCall, who: string): void {
  const refused = [
    ...(template === undefined || template === '' ? [] : ['a template']),
    ...(context === undefined || context.length === 0 ? [] : ['a context of tokens']),
    ...(raw === true && images.length > 0 ? ['images with a raw prompt'] : []),
  ];
  if (refused.length === 0) return;
  throw new ServiceError(
    'request_invalid',
    `${who} cannot be sent ${refused.join(' or ')}. Send messages, or leave it out.`,
  );
}

/** The end of a call without a prompt, which loads a model, or has it leave the memory. */
export function loadedEvent({ keepAlive }: Pick<ModelCall, 'keepAlive'>): ModelDone {
  const isUnloaded = keepAlive !== undefined && keepAlive !== '' && Number.parseFloat(String(keepAlive)) === 0;
  const times = { totalNs: 0, loadNs: 0, promptNs: 0, outputNs: 0 };
  return { type: 'done', reason: isUnloaded ? 'unload' : 'load', promptTokens: 0, outputTokens: 0, times };
}
