import type { HealthCheck, HealthReport } from '../verbs/gateway/gateway.ts';
import { nobody } from './admission/admission.ts';
import type { HttpApp, HttpParts } from './http-parts.ts';
import { openapiDocument } from './native/openapi.ts';
import type { Metrics } from './observation/metrics.ts';

/** A page for browsers with the one policy of content that it needs. */
export interface WebPage {
  readonly html: string;
  /** Value of `content-security-policy`. */
  readonly policy: string;
}

export interface RootParts {
  readonly parts: HttpParts;
  readonly metrics: Metrics;
  readonly page: WebPage | null;
}

/** The sentence by which clients of Ollama know that a server is there. */
const livenessSentence = 'Ollama is running';

/** `/`, `/health`, `/metrics` and `/openapi.json`. */
export function addRootRoutes(app: HttpApp, { parts, metrics, page }: RootParts): void {
  app.get('/', (context) => {
    const wantsPage = page !== null && (context.req.header('accept') ?? '').includes('text/html');
    return wantsPage ? pageReply(page) : context.text(livenessSentence, 200, { vary: 'Accept' });
  });
  app.get('/health', async (context) => {
    const { version } = parts;
    const request = context.get('request');
    const report = { version, ...withAudit(await parts.gateway.health(request), parts.audit.problem()) };
    const { caller } = request;
    return context.json(caller === nobody ? { status: report.status } : report, 200, { 'cache-control': 'no-store' });
  });
  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }),
  );
  app.get('/openapi.json', (context) => context.json(openapiDocument(parts.version)));
}

function pageReply({ html, policy }: WebPage): Response {
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      vary: 'Accept',
    },
  });
}

/** The audit log is written behind the requests; when that fails, nobody would hear of it but here. */
function withAudit(report: HealthReport, problem: string | null): HealthReport {
  const check: HealthCheck = { name: 'audit', ok: problem === null, detail: problem ?? 'Every request is noted.' };
  return { ...report, status: problem === null ? report.status : 'degraded', checks: [...report.checks, check] };
}
