/** How a model family was taught to fill a hole in code. */
export interface FimStyle {
  /** Written before the text in front of the hole. */
  readonly prefix: string;
  /** Written before the text behind it. */
  readonly suffix: string;
  /** Written last: from here on the model writes what is missing. */
  readonly middle: string;
  /** True where the text behind the hole comes first. */
  readonly isSuffixFirst: boolean;
  /** How other files of a project are shown. */
  readonly files: 'comments' | 'qwen' | 'starcoder' | 'gemma';
  /** Where an answer ends. */
  readonly stops: readonly string[];
  /** Tokens with a meaning of their own, which must not come from the code itself. */
  readonly marks: readonly string[];
}

// The bars are U+FF5C and the low lines U+2581: their ASCII likenesses are other tokens.
const deepseek = ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'] as const;
const bars = ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'] as const;
const plainTags = ['<fim_prefix>', '<fim_suffix>', '<fim_middle>'] as const;
const llamaTags = ['<PRE>', '<SUF>', '<MID>', '<EOT>'];

function inOrder(
  [prefix, suffix, middle]: readonly [string, string, string],
  more: { readonly files: FimStyle['files']; readonly ends: readonly string[] },
): FimStyle {
  const marks = [prefix, suffix, middle, ...more.ends];
  return { prefix, suffix, middle, isSuffixFirst: false, files: more.files, stops: marks, marks };
}

/** The styles by family; orders and tokens are those that the makers of the models document. */
export const fimStyles = {
  deepseek: inOrder(deepseek, { files: 'comments', ends: ['<｜end▁of▁sentence｜>', '<|EOT|>'] }),
  qwen: inOrder(bars, {
    files: 'qwen',
    ends: ['<|fim_pad|>', '<|repo_name|>', '<|file_sep|>', '<|endoftext|>', '<|im_start|>', '<|im_end|>'],
  }),
  codeGemma: inOrder(bars, { files: 'gemma', ends: ['<|file_separator|>', '<eos>'] }),
  starCoder: inOrder(plainTags, {
    files: 'starcoder',
    ends: ['<fim_pad>', '<repo_name>', '<file_sep>', '<|endoftext|>'],
  }),
  // The spaces belong to it.
  codeLlama: {
    prefix: '<PRE> ',
    suffix: ' <SUF>',
    middle: ' <MID>',
    isSuffixFirst: false,
    files: 'comments',
    stops: llamaTags,
    marks: llamaTags,
  },
  codestral: {
    prefix: '[PREFIX]',
    suffix: '[SUFFIX]',
    middle: '',
    isSuffixFirst: true,
    files: 'comments',
    stops: ['[PREFIX]', '[SUFFIX]', '</s>'],
    marks: ['[PREFIX]', '[SUFFIX]', '[MIDDLE]', '</s>'],
  },
} as const satisfies Readonly<Record<string, FimStyle>>;
