import { describe, expect, it } from 'vitest';
import { citationFooter, withoutFooter } from '../../../../src/answer/conversation/citation-footer.ts';
import { readConversation } from '../../../../src/answer/conversation/conversation.ts';
import { EvidenceMemory } from '../../../../src/answer/conversation/evidence-memory.ts';
import { earlierEvidence, packNewEvidence, withEvidence } from '../../../../src/answer/conversation/give-evidence.ts';
import type { ChatMessage } from '../../../../src/core/gateway/model-server.ts';
import { currentOf, hitOf } from '../../../support/fake-service.ts';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

describe('readConversation', () => {
  it('finds the last user message and what the user said before', () => {
    const read = readConversation([user('one'), assistant('1'), user('two')], 's');
    expect(read).toMatchObject({ question: 'two', questionAt: 2, history: ['one'], isContinued: false });
  });

  it('knows a turn that goes on from a tool', () => {
    const tool: ChatMessage = { role: 'tool', content: '42', toolName: 'sum' };
    expect(readConversation([user('add'), assistant(''), tool], 's').isContinued).toBe(true);
  });

  it('has no question where the user said nothing', () => {
    expect(readConversation([{ role: 'system', content: 'x' }], 's')).toMatchObject({ question: '', questionAt: -1 });
  });

  it('gives the beginning of a longer conversation the same keys', () => {
    const short = readConversation([user('one')], 's').keys;
    const long = readConversation([user('one'), assistant('1'), user('two')], 's').keys;
    expect(long.slice(0, 1)).toEqual(short);
    expect(readConversation([user('one')], 'another scope').keys).not.toEqual(short);
    expect(readConversation([user('one!'), assistant('1'), user('two')], 's').keys[2]).not.toBe(long[2]);
  });

  it('takes the footer off an answer that comes back', () => {
    const footer = citationFooter(
      [{ number: 1, project: 'shop', path: 'a.ts', startLine: 1, endLine: 2 }],
      currentOf(),
    );
    const read = readConversation([user('one'), assistant(`It is so [1].${footer}`), user('two')], 's');
    expect(read.messages[1]?.content).toBe('It is so [1].');
    expect(footer).toContain('[1] shop: a.ts:1-2\nIndex: current\n');
  });
});

describe('citation footer', () => {
  it('is nothing without citations, and leaves other text alone', () => {
    expect(citationFooter([], null)).toBe('');
    expect(withoutFooter('a\n\n---\nb')).toBe('a\n\n---\nb');
  });
});

describe('evidence of a conversation', () => {
  const hit = hitOf({ path: 'a.ts', text: 'const a = 1;\n', startLine: 1, endLine: 1 });
  const other = hitOf({ path: 'b.ts', text: 'const b = 2;\n', startLine: 1, endLine: 1 });
  const pack = (hits: readonly (typeof hit)[], earlier = new Map()) => {
    const given = packNewEvidence({ hits, earlier, budget: 2_000, named: [], markerSecret: 's' });
    return given && { ...given, files: [] };
  };

  it('stands in front of the message it was found for', () => {
    const given = pack([hit]);
    const messages = withEvidence([user('one')], new Map([[0, given!]]));
    expect(messages[0]?.content).toMatch(/^Code of the project[\s\S]*const a = 1;[\s\S]*\n\none$/);
  });

  it('is recalled for earlier messages, and decided anew for the last one', () => {
    const memory = new EvidenceMemory(10_000);
    const first = readConversation([user('one')], 's');
    const given = pack([hit])!;
    memory.remember(first.keys[0]!, given);
    const next = readConversation([user('one'), assistant('1'), user('two')], 's');
    expect(earlierEvidence(next, memory)).toEqual(new Map([[0, given]]));
    expect(earlierEvidence(first, memory).size).toBe(0);
  });

  it('stays where a turn goes on from a tool', () => {
    const memory = new EvidenceMemory(10_000);
    const given = pack([hit])!;
    memory.remember(readConversation([user('one')], 's').keys[0]!, given);
    const tool: ChatMessage = { role: 'tool', content: '42' };
    expect(earlierEvidence(readConversation([user('one'), assistant(''), tool], 's'), memory).get(0)).toBe(given);
  });

  it('is not given twice, and its numbers go on', () => {
    const first = pack([hit])!;
    const second = pack([hit, other], new Map([[0, first]]))!;
    expect(second.evidence.map(({ number, path }) => [number, path])).toEqual([[2, 'b.ts']]);
    expect(pack([hit], new Map([[0, first]]))).toBeNull();
  });

  it('is given again when its file has changed', () => {
    const first = pack([hit])!;
    const changed = { ...hit, text: 'const a = 3;\n' };
    expect(pack([changed], new Map([[0, first]]))?.evidence).toHaveLength(1);
  });
});

describe('EvidenceMemory', () => {
  it('forgets what was not used for longest', () => {
    const memory = new EvidenceMemory(25);
    const block = (text: string) => ({ block: text, evidence: [], files: [] });
    memory.remember('a', block('0123456789'));
    memory.remember('b', block('0123456789'));
    memory.recall('a');
    memory.remember('c', block('0123456789'));
    expect([memory.recall('a') !== null, memory.recall('b'), memory.recall('c') !== null]).toEqual([true, null, true]);
  });
});
