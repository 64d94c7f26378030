/** What is put before a text so that its vector suits its part in a search. */
export interface EmbeddingPrefixes {
  readonly documentPrefix: string;
  readonly queryPrefix: string;
}

interface PrefixRule extends EmbeddingPrefixes {
  /** Matched against the model's name in lower case without registry, owner and tag. */
  readonly family: RegExp;
}

const passages = 'Represent this sentence for searching relevant passages: ';
const code = 'Represent this query for searching relevant code: ';

/** The first matching row holds; each states what the model's own card tells its users to write. */
const rules: readonly PrefixRule[] = [
  // nomic-ai/nomic-embed-text-v1.5, v2-moe: a task prefix is required on both sides.
  { family: /^nomic-embed-text/, documentPrefix: 'search_document: ', queryPrefix: 'search_query: ' },
  // nomic-ai/nomic-embed-code and nomic-ai/CodeRankEmbed: query only.
  { family: /^(nomic-embed-code|coderankembed)/, documentPrefix: '', queryPrefix: code },
  // mixedbread-ai/mxbai-embed-large-v1: query only.
  { family: /^mxbai-embed/, documentPrefix: '', queryPrefix: passages },
  // Snowflake/snowflake-arctic-embed-l-v2.0, then its predecessors.
  { family: /^snowflake-arctic-embed-?2|^snowflake-arctic-embed.*-v2/, documentPrefix: '', queryPrefix: 'query: ' },
  { family: /^snowflake-arctic-embed/, documentPrefix: '', queryPrefix: passages },
  // BAAI/bge-m3: none. BAAI/bge-*-zh-v1.5 and BAAI/bge-*-en-v1.5: query only.
  { family: /^bge-m3/, documentPrefix: '', queryPrefix: '' },
  { family: /^bge-.*zh/, documentPrefix: '', queryPrefix: '为这个句子生成表示以用于检索相关文章：' },
  { family: /^bge-/, documentPrefix: '', queryPrefix: passages },
  // intfloat/e5-*-v2 and intfloat/multilingual-e5-*: both sides; the instruct models: query only, with a task.
  {
    family: /e5-.*instruct/,
    documentPrefix: '',
    queryPrefix: 'Instruct: Given a question about a code base, retrieve code that answers it\nQuery: ',
  },
  { family: /^(multilingual-)?e5-/, documentPrefix: 'passage: ', queryPrefix: 'query: ' },
  // Qwen/Qwen3-Embedding: query only, no space after "Query:".
  {
    family: /^qwen3-embedding/,
    documentPrefix: '',
    queryPrefix: 'Instruct: Given a question about a code base, retrieve code that answers it\nQuery:',
  },
  // google/embeddinggemma-300m: the task "code retrieval"; documents carry a title slot.
  { family: /^embeddinggemma/, documentPrefix: 'title: none | text: ', queryPrefix: 'task: code retrieval | query: ' },
];

/** Prefixes for a model by its name; none for an unknown family (all-minilm, granite-embedding and jina want none). */
export function embeddingPrefixes(model: string): EmbeddingPrefixes {
  const base = model
    .toLowerCase()
    .replace(/:[^/]*$/, '')
    .replace(/^.*\//, '')
    .replace(/^text-embedding-/, '');
  const { documentPrefix, queryPrefix } = rules.find((rule) => rule.family.test(base)) ?? {
    documentPrefix: '',
    queryPrefix: '',
  };
  return { documentPrefix, queryPrefix };
}
