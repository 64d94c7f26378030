import { ServiceError } from '../core/errors.ts';
import type { Invocation } from './command.ts';

/** The question that the words of a command line make; quotes round it are optional. Errors: `request_invalid`. */
export function questionOf(command: string, invocation: Invocation): string {
  const question = invocation.positionals.join(' ').trim();
  if (question !== '') return question;
  throw new ServiceError('request_invalid', `Ask something: lorekeep ${command} "where are passwords checked?"`);
}

/** Refuses more words than a command takes. Errors: `request_invalid`. */
export function atMostOne(command: string, invocation: Invocation): string | undefined {
  const [first, second] = invocation.positionals;
  if (second === undefined) return first;
  throw new ServiceError(
    'request_invalid',
    `lorekeep ${command} takes one name or folder, not "${first}" and "${second}". Quote a name that contains spaces.`,
  );
}
