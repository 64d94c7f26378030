import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/core/errors.ts';
import { resolveEndpoint } from '../../../../src/model/allowed-host.ts';
import { CircuitBreaker } from '../../../../src/model/health/circuit-breaker.ts';
import { statusError } from '../../../../src/model/model-error.ts';

const down = new ServiceError('model_unavailable', 'it is down');
const endpoint = resolveEndpoint('http://127.0.0.1:1', []);
const answered = (status: number, serverMessage: string): ServiceError =>
  statusError({ endpoint, status, serverMessage, model: 'x' });
let time = 0;
let breaker: CircuitBreaker;

beforeEach(() => {
  time = 0;
  breaker = new CircuitBreaker('The model "x"', { now: () => time, failures: 3, windowMs: 1_000, retryMs: 5_000 });
});

/** One call; without an error it ends well. */
function call(error?: Error): void {
  const pass = breaker.enter();
  if (error === undefined) pass.succeed();
  else pass.fail(error);
  pass.leave();
}
const fail = (times: number): void => {
  for (let index = 0; index < times; index += 1) call(down);
};

describe('a circuit breaker', () => {
  it('opens after failures in a row, and says when to try again and why', () => {
    fail(2);
    call();
    fail(2);
    expect(breaker.health()).toMatchObject({ state: 'closed', lastError: 'it is down' });
    time = 10;
    fail(1);
    expect(breaker.health()).toEqual({ state: 'open', since: 10, lastSuccess: 0, lastError: 'it is down' });
    time = 1_010;
    expect(() => breaker.enter()).toThrow(
      expect.objectContaining({
        code: 'model_unavailable',
        retryAfterSeconds: 4,
        message: expect.stringMatching(/^The model "x" has failed.*it is down$/),
      }),
    );
  });

  it('forgets failures that are long ago', () => {
    fail(2);
    time = 1_001;
    fail(2);
    expect(breaker.health().state).toBe('closed');
  });

  it.each([
    new ServiceError('request_invalid', 'no'),
    new ServiceError('model_missing', 'no'),
    new ServiceError('aborted', 'no'),
    answered(503, 'server busy'),
    answered(500, 'unsupported value: NaN'),
    answered(500, 'option "temperature" must be of type float32'),
  ])('does not count what is not the fault of the model: $message', (error) => {
    for (let index = 0; index < 9; index += 1) call(error);
    expect(breaker.health()).toMatchObject({ state: 'closed', lastError: null });
  });

  it.each(['model requires more system memory', 'llama runner process has terminated: exit status 2'])(
    'counts what others will meet, too: %s',
    (message) => {
      for (let index = 0; index < 3; index += 1) call(answered(500, message));
      expect(breaker.health().state).toBe('open');
    },
  );

  it('lets one call try, and closes when it ends well', () => {
    fail(3);
    time = 5_000;
    const pass = breaker.enter();
    expect(breaker.health().state).toBe('half-open');
    expect(() => breaker.enter()).toThrow('left alone');
    pass.succeed();
    pass.leave();
    expect(breaker.health()).toMatchObject({ state: 'closed', lastError: null, lastSuccess: 5_000 });
    fail(2);
    expect(breaker.health().state).toBe('closed');
  });

  it('waits longer after each try that fails', () => {
    fail(3);
    time = 5_000;
    fail(1);
    time = 14_999;
    expect(() => breaker.enter()).toThrow('left alone');
    time = 15_000;
    expect(() => fail(1)).not.toThrow();
  });

  it('lets another try when the first was stopped', () => {
    fail(3);
    time = 5_000;
    call(new ServiceError('aborted', 'no'));
    expect(breaker.health().state).toBe('open');
    expect(() => call()).not.toThrow();
    expect(breaker.health().state).toBe('closed');
  });

  it('lets all in at the first sign of life of a try, and none after its failure', () => {
    fail(3);
    time = 5_000;
    const pass = breaker.enter();
    pass.alive();
    expect(breaker.health().state).toBe('closed');
    const other = breaker.enter();
    pass.fail(down);
    pass.leave();
    expect(breaker.health().state).toBe('open');
    // Begun before, ended well after.
    other.succeed();
    other.leave();
    expect(breaker.health().state).toBe('closed');
  });

  it('counts calls that fail together as failures', () => {
    const passes = [breaker.enter(), breaker.enter(), breaker.enter()];
    expect(breaker.isIdle()).toBe(false);
    for (const pass of passes) {
      pass.fail(down);
      pass.leave();
    }
    expect([breaker.health().state, breaker.isIdle()]).toEqual(['open', true]);
  });
});
