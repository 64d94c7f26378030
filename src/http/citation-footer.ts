import type { DecisionReport } from '../core/gateway/exchange.ts';
import type { ModelEvent } from '../core/gateway/model-server.ts';

/** An answer with the cited places as its last lines; one that calls functions, or for which nothing was found, as it is. */
export async function* withCitationFooter(
  events: AsyncIterable<ModelEvent>,
  { citations, projects }: DecisionReport,
): AsyncGenerator<ModelEvent> {
  let hasCalls = false;
  for await (const event of events) {
    if (event.type === 'delta') hasCalls ||= (event.toolCalls ?? []).length > 0;
    else if (!hasCalls && citations.length > 0) yield { type: 'delta', text: footer(citations, projects.length > 1) };
    yield event;
  }
}

function footer(citations: DecisionReport['citations'], namesProject: boolean): string {
  const lines = citations.map(({ number, project, path, startLine, endLine }) => {
    const place = `${path}:${startLine}-${endLine}`;
    return `- [${number}] ${namesProject ? `${project}/${place}` : place}`;
  });
  return `\n\n---\n${lines.join('\n')}\n`;
}
