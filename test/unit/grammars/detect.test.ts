import { describe, expect, it } from 'vitest';
import { languageOf, languageRow } from '../../../grammars/detect.ts';
import { languages } from '../../../grammars/table.ts';

describe('languageOf by name', () => {
  it.each([
    ['src/app.ts', 'typescript'],
    ['src/app.d.ts', 'typescript'],
    ['src/App.TSX', 'tsx'],
    ['a/b.c/main.go', 'go'],
    ['tools/Rakefile', 'ruby'],
    ['Gemfile', 'ruby'],
    ['build.gradle.kts', 'kotlin'],
    ['lib/parser.cc', 'cpp'],
    ['README', 'text'],
    ['notes.unknown', 'text'],
    ['.rs', 'text'],
    ['folder.py/readme', 'text'],
    ['', 'text'],
  ])('%s is %s', (path, language) => {
    expect(languageOf(path, 'plain words')).toBe(language);
  });
});

describe('languageOf by content', () => {
  it.each([
    ['#!/usr/bin/env python3\n', 'python'],
    ['#!/usr/bin/python3.12 -u\n', 'python'],
    ['#!/usr/bin/env -S FOO=1 node --no-warnings\r\n', 'javascript'],
    ['#! /opt/ruby/bin/ruby\rputs 1', 'ruby'],
    ['#!/usr/bin/env\n', 'text'],
    ['#!/usr/bin/unheard-of\n', 'text'],
    ['# -*- mode: ruby; coding: utf-8 -*-\n', 'ruby'],
    ['// -*- C++ -*-\n', 'cpp'],
    ['\n\n-- vim: set ts=2 ft=lua :\n', 'lua'],
    ['/* vim: filetype=c */', 'c'],
    ['<?php echo 1;', 'php'],
    ['#include <vector>\nint main() {}', 'cpp'],
    ['/* x */\n#include "a.h"\n', 'c'],
    ['package main\n\nimport "fmt"\n', 'go'],
    ['import os\n\ndef main():\n', 'python'],
    ['#include the salt in this list', 'text'],
  ])('%j is %s', (head, language) => {
    expect(languageOf('bin/tool', head)).toBe(language);
  });

  it('trusts the ending more than the content', () => {
    expect(languageOf('tool.rb', '#!/usr/bin/env python3\n')).toBe('ruby');
  });

  it('leaves an unknown format alone, whatever it looks like', () => {
    expect(languageOf('letter.template', 'package main\n\nimport "fmt"\n')).toBe('text');
  });

  it('looks at the head alone', () => {
    expect(languageOf('big', ' '.repeat(50_000) + '<?php')).toBe('text');
  });
});

describe('languageOf for endings that languages share', () => {
  it.each([
    ['int add(int left, int right);', 'c'],
    ['struct list { struct list *next; };\n#define class klass', 'c'],
    ['#ifdef __cplusplus\nextern "C" {\nnamespace x {}\n#endif\nint f(void);', 'c'],
    ['/* namespace like */\n// class Foo : Bar {\nint f(void);', 'c'],
    ['namespace a { int f(); }', 'cpp'],
    ['template <typename T>\nT max(T left, T right);', 'cpp'],
    ['class Shape;\n', 'cpp'],
    ['#include <string>\n', 'cpp'],
    ['struct A {\n private:\n  int x;\n};', 'cpp'],
    ['#import <Foundation/Foundation.h>\n', 'objc'],
    ['@interface Recipe : NSObject\n@end', 'objc'],
  ])('a.h with %j is %s', (head, language) => {
    expect(languageOf('include/a.h', head)).toBe(language);
  });

  it('tells Objective-C from MATLAB', () => {
    expect(languageOf('a.m', '#import "a.h"\n')).toBe('objc');
    expect(languageOf('a.m', '% Mean of a row\nfunction m = mean(x)\n')).toBe('text');
  });
});

describe('the language table', () => {
  it('has each name, ending and file name once', () => {
    for (const keys of [
      languages.map((row) => row.name),
      languages.flatMap((row) => row.extensions),
      languages.flatMap((row) => row.fileNames ?? []),
      languages.flatMap((row) => row.interpreters ?? []),
    ]) {
      expect(keys.length).toBeGreaterThan(0);
      expect(keys).toEqual([...new Set(keys)]);
      expect(keys).toEqual(keys.map((key) => key.toLowerCase()));
    }
  });

  it('is found by name', () => {
    expect(languageRow('rust')?.extensions).toContain('.rs');
    expect(languageRow('text')).toBeUndefined();
  });
});
