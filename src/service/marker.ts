import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { stateFile } from '../store/state-file.ts';

/** Made once and kept: prompts that begin alike are read from the model server's cache. */
export async function markerSecret(dataFolder: string): Promise<string> {
  const file = stateFile(join(dataFolder, 'prompt-marker'), randomUUID);
  const kept = await file.read();
  if (kept !== null && kept !== '') return kept;
  const secret = randomUUID();
  // Where it cannot be kept, on a full disk, only the model server's cache has less to offer.
  await file.write(secret).catch(() => undefined);
  return secret;
}
