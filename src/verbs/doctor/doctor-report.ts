import type { Hardware } from '../../core/hardware.ts';
import type { Recommendation } from './recommend-model.ts';

/** What was looked at, and how it is. */
export interface DoctorCheck {
  readonly name: string;
  /** `warning`: Lorekeep works, but less well than it could; `broken`: something it needs does not work. */
  readonly state: 'ok' | 'warning' | 'broken';
  readonly detail: string;
  /** What to type or do; null where nothing is to be done. */
  readonly advice: string | null;
}

/** All checks, and the model that suits this machine. */
export interface DoctorReport {
  /** False when anything is broken. */
  readonly ok: boolean;
  readonly checks: readonly DoctorCheck[];
  readonly hardware: Hardware;
  readonly recommendation: Recommendation;
}

/** How one thing is, before it has its name. */
export type Finding = Omit<DoctorCheck, 'name'>;

/** All is well. */
export function fine(detail: string): Finding {
  return { state: 'ok', detail, advice: null };
}

/** Less well than it could be. */
export function warning(detail: string, advice: string): Finding {
  return { state: 'warning', detail, advice };
}

/** Something that is needed does not work. */
export function broken(detail: string, advice: string | null = null): Finding {
  return { state: 'broken', detail, advice };
}

/** A size in words: `120 MB`, `1.5 GB`. */
export function sizeOf(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
