import { describe, expect, it } from 'vitest';
import { profileOf } from '../../../../src/model/profiles/model-profile.ts';

const named = (name: string) => profileOf({ name, family: 'llama', baseName: '' });

describe('a profile', () => {
  it.each([
    ['deepseek-coder:6.7b', 'DeepSeek-Coder', true],
    ['deepseek-coder-v2:16b-lite-base-q4_0', 'DeepSeek-Coder v2', true],
    ['hf.co/TheBloke/deepseek-coder-1.3b-base-GGUF:Q4_K_M', 'DeepSeek-Coder', true],
    ['qwen2.5-coder:7b', 'Qwen-Coder', true],
    ['hf.co/Qwen/Qwen2.5-Coder-7B-GGUF', 'Qwen-Coder', true],
    ['qwen3-coder:30b', 'Qwen3-Coder', true],
    ['codellama:13b-code', 'Code Llama', true],
    ['codellama:34b-code', 'Code Llama without fill-in-the-middle', false],
    ['codellama:7b-python', 'Code Llama without fill-in-the-middle', false],
    ['codegemma:2b', 'CodeGemma', true],
    ['starcoder2:3b', 'StarCoder2', true],
    ['codestral:22b', 'Codestral', true],
    ['llama3.1:8b', 'Llama 3', false],
    ['mixtral:8x7b', 'Mistral', false],
    ['mistral:latest', 'Mistral', false],
    ['smollm2:135m', 'unknown', false],
  ])('%s', (name, family, canFill) => {
    const profile = named(name);
    expect([profile.family, profile.fim !== null]).toEqual([family, canFill]);
    expect(profile.capabilities.includes('insert')).toBe(canFill);
  });

  it('comes from the name of the weights, or their architecture, where the name tells nothing', () => {
    const of = (family: string, baseName: string) => profileOf({ name: 'mine:latest', family, baseName }).family;
    expect(of('qwen2', 'Qwen2.5-Coder')).toBe('Qwen-Coder');
    expect(of('qwen2', 'Qwen2.5')).toBe('unknown');
    expect(of('deepseek2', '')).toBe('DeepSeek-Coder v2');
    expect(of('starcoder2', '')).toBe('StarCoder2');
  });

  it('believes the name that a person gave before that of the weights', () => {
    expect(profileOf({ name: 'deepseek-coder:6.7b', family: 'llama', baseName: 'Llama-3' }).family).toBe(
      'DeepSeek-Coder',
    );
  });
});
