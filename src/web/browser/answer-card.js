import { answerNodes, codeBlock, element } from './answer-text.js';

let cards = 0;

/** A question and what comes of it: the card's element, what shows each event, and what ends it. */
export function answerCard(question, say) {
  const id = `answer-${(cards += 1)}`;
  const parts = {
    chips: element('div', { class: 'chips' }),
    reason: element('p', { class: 'reason' }),
    notices: element('div', {}),
    text: element('div', { class: 'text waiting' }),
    evidence: element('div', { class: 'evidence', hidden: '' }),
  };
  const asked = element('p', { class: 'asked' }, question);
  const tell = (text, kind = 'notice') => {
    const isTold = [...parts.notices.children].some((told) => told.textContent === text);
    if (!isTold) parts.notices.append(element('p', { class: kind }, text));
  };
  return {
    card: element('article', { class: 'card answer' }, asked, ...Object.values(parts)),
    show: handlers({ id, parts, say, tell }),
    /** Nothing follows any more. */
    end(reason) {
      parts.text.classList.remove('waiting');
      if (reason !== undefined) tell(reason, 'failure');
    },
  };
}

/** What shows each kind of event. */
function handlers({ id, parts, say, tell }) {
  let written = '';
  const linkOf = (number) => (document.getElementById(`${id}-${number}`) === null ? undefined : `#${id}-${number}`);
  const draw = () => parts.text.replaceChildren(...answerNodes(written, linkOf));
  const tellAll = (notices) => notices.forEach((notice) => tell(notice));
  return {
    decision(decision) {
      parts.chips.replaceChildren(...decisionChips(decision, say));
      parts.reason.textContent = decision.reason;
      tellAll(decision.notices);
    },
    evidence({ evidence, notices }) {
      tellAll(notices);
      if (evidence.length === 0) return;
      parts.evidence.hidden = false;
      const items = evidence.map((item) => evidenceItem(item, `${id}-${item.number}`));
      parts.evidence.replaceChildren(element('h3', {}, say('evidence')), ...items);
    },
    text({ text }) {
      written += text;
      draw();
    },
    answer(answer) {
      written = answer.answer;
      draw();
      tellAll(answer.notices);
      if (answer.uncited && answer.mode === 'generated') tell(say('uncited'));
      const cited = new Set(answer.citations.map(({ number }) => `${id}-${number}`));
      for (const item of parts.evidence.querySelectorAll('details'))
        item.classList.toggle('uncited', !cited.has(item.id));
    },
    error: ({ error }) => tell(say('failure', error.message), 'failure'),
  };
}

function decisionChips({ route, confidence, cache, promptTokens, isExactCount, freshness, leftOut }, say) {
  const chips = [
    [say(`route_${route}`), 'chip on'],
    [say('confidence', Math.round(confidence * 100)), 'chip'],
    ...(cache === 'hit' ? [[say('cacheHit'), 'chip on']] : []),
    ...(promptTokens > 0
      ? [[say('tokens', `${isExactCount ? '' : '~'}${promptTokens.toLocaleString()}`), 'chip']]
      : []),
    ...(freshness === null ? [] : [freshnessChip(freshness, say)]),
    ...(leftOut > 0 ? [[say('leftOutHits', leftOut), 'chip']] : []),
  ];
  return chips.map(([text, kind]) => element('span', { class: kind }, text));
}

function freshnessChip({ isCurrent, pendingFiles }, say) {
  if (isCurrent) return [say('current'), 'chip'];
  return [pendingFiles === 0 ? say('incomplete') : say('pending', pendingFiles), 'chip warn'];
}

function evidenceItem({ number, project, path, startLine, endLine, names = [], text }, id) {
  const place = `${path}:${startLine === endLine ? startLine : `${startLine}-${endLine}`}`;
  const head = element(
    'summary',
    { title: project },
    element('span', { class: 'number' }, `[${number}]`),
    element('span', { class: 'place' }, place),
    ...(names.length === 0 ? [] : [element('span', { class: 'names' }, ` · ${names.join(', ')}`)]),
  );
  return element('details', { id }, head, codeBlock(text.replace(/\n$/, '')));
}
