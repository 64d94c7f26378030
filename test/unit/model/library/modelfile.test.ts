import { describe, expect, test } from 'vitest';
import { parseModelfile } from '../../../../src/model/library/modelfile.ts';

describe('a Modelfile', () => {
  test('may hold every instruction, in any case, with comments and any line ends', () => {
    const text = [
      '\uFEFF# made by hand',
      'from ./weights',
      '',
      '  ADAPTER ./lora',
      'Quantize q4_k_m',
      'TEMPLATE """{{ .System }}',
      '# no comment in here',
      '"{{ .Prompt }}""""',
      'SYSTEM Be brief. # and exact',
      'PARAMETER temperature 0.2',
      'PARAMETER num_ctx 4096',
      'PARAMETER num_ctx 8192',
      'PARAMETER use_mmap false',
      'PARAMETER stop "<|end|> "',
      'PARAMETER stop 42',
      'MESSAGE user What is 1 + 1?',
      'MESSAGE assistant """2',
      'of course"""',
      'LICENSE "MIT"',
      'LICENSE Apache-2.0',
    ].join('\r\n');
    expect(parseModelfile(text)).toEqual({
      from: ['./weights'],
      adapters: ['./lora'],
      quantize: 'q4_k_m',
      template: '{{ .System }}\n# no comment in here\n"{{ .Prompt }}"',
      system: 'Be brief. # and exact',
      licenses: ['MIT', 'Apache-2.0'],
      parameters: { temperature: 0.2, num_ctx: 8192, use_mmap: false, stop: ['<|end|> ', '42'] },
      messages: [
        { role: 'user', content: 'What is 1 + 1?' },
        { role: 'assistant', content: '2\nof course' },
      ],
    });
  });

  test.each([
    ['SYSTEM "a\nb"', 'a\nb'],
    ['SYSTEM """"quoted" words"""', '"quoted" words'],
    ['SYSTEM """"""', ''],
    ['SYSTEM ""', ''],
    ['SYSTEM "one" and "two"', 'one" and "two'],
    ['SYSTEM """\nfirst\n\n  second\n"""', '\nfirst\n\n  second\n'],
    ["SYSTEM 'single'", "'single'"],
    ['SYSTEM say "hi"', 'say "hi"'],
    ['SYSTEM 你好', '你好'],
    ['SYSTEM', ''],
  ])('%j has the text %j', (line, system) => {
    expect(parseModelfile(`FROM x\n${line}\nQUANTIZE q8_0`)).toMatchObject({ system, quantize: 'q8_0' });
  });

  test.each([
    ['', 'no FROM line'],
    ['# FROM x', 'no FROM line'],
    ['FROM', 'Line 1 of the Modelfile: FROM needs a value'],
    ['FROM x\n\nFORM y', 'Line 3 of the Modelfile: "FORM" is no instruction'],
    ['FROM x\nSYSTEM """never\nends', 'Line 2 of the Modelfile: the text that """ begins does not end'],
    ['FROM x\nSYSTEM "never ends', 'Line 2'],
    ['FROM x\nPARAMETER', 'PARAMETER needs a'],
    ['FROM x\nPARAMETER num_ctx', 'PARAMETER needs a value'],
    ['FROM x\nPARAMETER num-ctx 3', 'PARAMETER needs a name and a value'],
    ['FROM x\nMESSAGE robot hi', '"robot" is no role'],
  ])('%j is wrong, and the line is named', (text, message) => {
    expect(() => parseModelfile(text)).toThrow(
      expect.objectContaining({ code: 'request_invalid', message: expect.stringContaining(message) }),
    );
  });
});
