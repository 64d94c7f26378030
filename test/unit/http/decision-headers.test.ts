import { expect, test } from 'vitest';
import { decisionHeaders } from '../../../src/http/decision-headers.ts';
import { decisionOf } from '../../support/fake-gateway.ts';

test('what a request named in half characters makes no header that cannot be sent', () => {
  const decision = decisionOf({ notices: ['\ud800 is not in the index.', 'Zeile\r\nx: y, 50 %'] });
  const headers = new Headers(decisionHeaders(decision));
  expect(headers.get('x-lorekeep-notices')).toBe('%EF%BF%BD is not in the index., Zeile%0D%0Ax: y%2C 50 %25');
});
