import { ServiceError } from '../core/errors.ts';
import type { Invocation } from './command.ts';

/** The question that the words of a command line make; quotes round it are optional. Errors: `request_invalid`. */
export function questionOf(command: string, invocation: Invocation): string {
  const question = invocation.positionals.join(' ').trim();
  if (question !== '') return question;
  throw new ServiceError('request_invalid', `Ask something: lorekeep ${command} "where are passwords checked?"`);
}

/** The one word that a command needs; `what` says which. Errors: `request_invalid`. */
export function exactlyOne(command: string, invocation: Invocation, what: string): string {
  const [word, more] = invocation.positionals;
  if (word !== undefined && word.trim() !== '' && more === undefined) return word;
  const advice = more === undefined ? '' : ' Quote one that contains spaces.';
  throw new ServiceError('request_invalid', `lorekeep ${command} needs ${what}.${advice}`);
}

/** Refuses words that a command has no use for. Errors: `request_invalid`. */
export function noWords(command: string, invocation: Invocation): void {
  const [word] = invocation.positionals;
  if (word === undefined) return;
  throw new ServiceError('request_invalid', `lorekeep ${command} takes no word such as "${word}".`);
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
