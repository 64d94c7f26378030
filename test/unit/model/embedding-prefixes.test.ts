import { expect, it } from 'vitest';
import { embeddingPrefixes } from '../../../src/model/embedding-prefixes.ts';

it.each([
  ['nomic-embed-text', 'search_document: ', 'search_query: '],
  ['nomic-embed-text:v1.5', 'search_document: ', 'search_query: '],
  ['hf.co/nomic-ai/nomic-embed-code-GGUF:Q4_K_M', '', 'Represent this query for searching relevant code: '],
  ['mxbai-embed-large', '', 'Represent this sentence for searching relevant passages: '],
  ['bge-m3:567m', '', ''],
  ['bge-large', '', 'Represent this sentence for searching relevant passages: '],
  ['bge-small-zh-v1.5', '', '为这个句子生成表示以用于检索相关文章：'],
  ['snowflake-arctic-embed2', '', 'query: '],
  ['snowflake-arctic-embed:335m', '', 'Represent this sentence for searching relevant passages: '],
  ['jeffh/intfloat-multilingual-e5-large-instruct', '', expect.stringMatching(/^Instruct: .*\nQuery: $/)],
  ['multilingual-e5-large', 'passage: ', 'query: '],
  ['qwen3-embedding:0.6b', '', expect.stringMatching(/^Instruct: .*\nQuery:$/)],
  ['embeddinggemma', 'title: none | text: ', 'task: code retrieval | query: '],
  ['all-minilm', '', ''],
  ['my-own-model', '', ''],
])('%s', (model, documentPrefix, queryPrefix) => {
  expect(embeddingPrefixes(model)).toEqual({ documentPrefix, queryPrefix });
});
