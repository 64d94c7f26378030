import { expect, test } from 'vitest';
import { chosenTools, freeChoice, functionTools } from '../../../../src/http/v1/function-tools.ts';

const parameters = { type: 'object', properties: {} };
const list = { type: 'function', function: { name: 'list', parameters } } as const;

test('tools of all three protocols are the same functions', () => {
  const nested = functionTools([{ type: 'function', function: { name: 'list', parameters } }]);
  const flat = functionTools([{ type: 'function', name: 'list', parameters }]);
  const anthropic = functionTools([{ name: 'list', input_schema: parameters }]);
  const custom = functionTools([{ type: 'custom', name: 'list', input_schema: parameters }]);
  expect(nested).toEqual({ tools: [list], notices: [] });
  for (const other of [flat, anthropic, custom]) expect(other).toEqual(nested);
});

test('a function without parameters takes none, and one without a name is refused', () => {
  expect(functionTools([{ type: 'function', name: 'list' }]).tools).toEqual([list]);
  expect(() => functionTools([{ type: 'function', function: {} }])).toThrow('"tools.0" has no name');
});

test('tools that are no functions are left out, which is said', () => {
  const { tools, notices } = functionTools([{ type: 'web_search' }, { ...list }, { type: 'custom', name: 'patch' }]);
  expect(tools).toEqual([list]);
  expect(notices).toEqual([expect.stringContaining('left out: web_search, custom.')]);
});

test('a choice takes away what it does not allow', () => {
  expect(chosenTools([list], freeChoice)).toEqual([list]);
  expect(chosenTools([list], { mode: 'none', only: null })).toEqual([]);
  expect(chosenTools([list], { mode: 'auto', only: [] })).toEqual([]);
  expect(chosenTools([list], { mode: 'required', only: ['list'] })).toEqual([list]);
});

test('a choice that nothing fits is refused', () => {
  expect(() => chosenTools([list], { mode: 'required', only: ['move'] })).toThrow(
    '"move", which is not among the tools',
  );
  expect(() => chosenTools([], { mode: 'required', only: null })).toThrow('the request has no function');
});
