import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const hidden = 256;
const vocabulary = 300;

/**
 * Writes a language model of one layer and random weights as a folder of safetensors, as people download them. It answers
 * nonsense; it can be converted, quantized and run. The shape of each tensor is that of Llama.
 */
export function writeTinyModel(folder: string): void {
  const json = (name: string, value: unknown): void => writeFileSync(join(folder, name), JSON.stringify(value));
  json('config.json', {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: hidden,
    intermediate_size: hidden,
    num_hidden_layers: 1,
    num_attention_heads: 4,
    num_key_value_heads: 4,
    max_position_embeddings: 512,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    vocab_size: vocabulary,
    bos_token_id: 0,
    eos_token_id: 1,
    torch_dtype: 'float16',
  });
  json('tokenizer.json', tokenizer());
  json('tokenizer_config.json', { bos_token: '<s>', eos_token: '</s>', tokenizer_class: 'PreTrainedTokenizerFast' });
  writeFileSync(join(folder, 'model.safetensors'), safetensors());
}

function tokenizer(): object {
  const special = ['<s>', '</s>'];
  const tokens = [...special, ...Array.from({ length: vocabulary - special.length }, (_, index) => byteToken(index))];
  return {
    version: '1.0',
    added_tokens: special.map((content, id) => ({ id, content, special: true })),
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
    model: { type: 'BPE', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges: [] },
  };
}

/** How byte-level vocabularies write a byte; what comes after the 256 bytes are words of no meaning. */
function byteToken(index: number): string {
  if (index > 255) return `word${index}`;
  const isPrintable = (index > 32 && index < 127) || (index > 160 && index !== 173);
  return String.fromCodePoint(isPrintable ? index : 256 + index);
}

function safetensors(): Uint8Array {
  const square = [hidden, hidden];
  const layer = 'model.layers.0';
  const shapes: Readonly<Record<string, readonly number[]>> = {
    'model.embed_tokens.weight': [vocabulary, hidden],
    'model.norm.weight': [hidden],
    'lm_head.weight': [vocabulary, hidden],
    [`${layer}.input_layernorm.weight`]: [hidden],
    [`${layer}.post_attention_layernorm.weight`]: [hidden],
    ...Object.fromEntries(
      [
        'self_attn.q_proj',
        'self_attn.k_proj',
        'self_attn.v_proj',
        'self_attn.o_proj',
        'mlp.gate_proj',
        'mlp.up_proj',
        'mlp.down_proj',
      ].map((name) => [`${layer}.${name}.weight`, square]),
    ),
  };
  const header: Record<string, object> = {};
  let offset = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const bytes = 2 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: 'F16', shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, smallNumbers(offset)]);
}

/** Half-precision numbers of either sign around 0.01, the same each time. */
function smallNumbers(bytes: number): Uint8Array {
  const values = new Uint16Array(bytes / 2);
  let state = 1;
  for (let index = 0; index < values.length; index++) {
    state = (state * 48_271) % 2_147_483_647;
    values[index] = 0x2000 | (state & 0x83ff);
  }
  return new Uint8Array(values.buffer);
}
