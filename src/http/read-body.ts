import type { z } from 'zod';
import { ServiceError } from '../core/errors.ts';
import type { HttpContext } from './http-parts.ts';

/** The JSON body of a request in the shape of a schema. Errors: `request_invalid`, naming each field that is wrong. */
export async function readBody<Schema extends z.ZodType>(
  context: HttpContext,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await context.req.text();
  if (text.trim() === '') throw new ServiceError('request_invalid', 'The request has no body; send a JSON object.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ServiceError('request_invalid', `The body is no JSON: ${(cause as Error).message}.`, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `"${path.map(String).join('.')}": ${message}`,
  );
  throw new ServiceError('request_invalid', `The request is not in order: ${problems.join('; ')}.`);
}
