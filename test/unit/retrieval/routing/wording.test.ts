import { describe, expect, it } from 'vitest';
import { proseOf } from '../../../../src/retrieval/routing/pasted-code.ts';
import { isBackgroundTask, readWording } from '../../../../src/retrieval/routing/wording.ts';

describe('isBackgroundTask', () => {
  it.each([
    '### Task:\nSuggest 3-5 relevant follow-up questions',
    'Generate a concise, 3-5 word title for the chat history',
    'Generate 1-3 broad tags categorizing the main themes of the conversation.',
    '### 任务：\n根据聊天记录，建议 3 个后续问题',
    'Based on the conversation, name a title of at most five words. Conversation: "user: hello"',
    'Analyze the chat history and decide whether a search is needed. Reply with {"queries": []}.',
    '用一句话概括以上对话，作为列表中的标题',
  ])('%s', (message) => {
    expect(isBackgroundTask(message)).toBe(true);
  });

  it.each([
    'where is the page title generated?',
    'how are tags stored',
    'summarise src/chat.ts',
    '标题是在哪里生成的',
    '给聊天会话加一个标题字段',
    'which table holds the titles of a chat?',
    'How does the exporter write tags to JSON?',
    'Where do we generate the title of the history page?',
  ])('not %s', (message) => {
    expect(isBackgroundTask(message)).toBe(false);
  });
});

describe('readWording', () => {
  it.each([
    ['where do we retry failed requests', { atProject: 1, asksGeneral: 0 }],
    ['这个项目的入口在哪里', { atProject: 1, asksWhole: 1 }],
    ['what is the difference between a mutex and a semaphore', { asksGeneral: 1, asksMeaning: 1, atProject: 0 }],
    ['用Go实现一个快速排序算法', { asksToWrite: 1, atProject: 0 }],
    ['how does the scheduler choose a worker', { asksBehaviour: 1 }],
    ['thanks, now in French', { smallTalk: 1 }],
    ['why?\n```js\nreturn 1\n```', { pastesCode: 1 }],
    ['and if it fails?', { goesOn: 1, refersBack: 1 }],
    ['那失败的时候呢', { goesOn: 1 }],
    ['proofread this: "our code are in this repo"', { atProject: 0 }],
  ])('%s', (message, expected) => {
    expect(readWording(proseOf(message))).toMatchObject(expected);
  });

  it('names the setting', () => {
    expect(readWording('reverse a list in Python').settings).toEqual(['in python']);
    expect(readWording('where are orders stored').settings).toEqual([]);
  });
});
