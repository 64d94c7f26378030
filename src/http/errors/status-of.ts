import type { ServiceError } from '../../core/errors.ts';
import { errorStatuses } from '../error-status.ts';

/** Statuses of errors that have another than their code's. */
const exceptions = new WeakMap<ServiceError, number>();

/** Gives an error a status of its own, where HTTP knows a better one than its code has. */
export function withStatus(error: ServiceError, status: number): ServiceError {
  exceptions.set(error, status);
  return error;
}

/** HTTP status of an error. */
export function statusOf(error: ServiceError): number {
  return exceptions.get(error) ?? errorStatuses[error.code];
}
