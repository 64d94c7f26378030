import { z } from 'zod';

const question = z.string().trim().min(1, 'expected a question').max(100_000);
const project = z
  .union([z.string(), z.array(z.string()).max(50)])
  .describe('Name of a project, or names of several; absent for those that are served by default.');
const path = z.string().describe('Glob over project-relative paths, such as src/**.');
const language = z.string().describe('Only code in this language.');
const limit = z.int().min(1).max(100).default(10).describe('How many places to show at most.');

/** Body of `POST /lorekeep/ask`. */
export const askBody = z.strictObject({
  question,
  project: project.optional(),
  model: z
    .string()
    .nullable()
    .optional()
    .describe('Model to ask; null for the evidence alone, absent for the configured model.'),
  files: z.array(z.string()).max(50).optional().describe('Project-relative paths to read beside what is found.'),
  retrieve: z
    .enum(['auto', 'always', 'never'])
    .optional()
    .describe('Whether to look the project up; auto decides by the question. With never, files are given alone.'),
  path: path.optional(),
  language: language.optional(),
  cache: z.boolean().optional().describe('False: not from the cache of answers. Default true.'),
  stream: z.boolean().optional().describe('True: an event stream instead of one JSON object.'),
});

/** Body of `POST /lorekeep/search`. */
export const searchBody = z.strictObject({
  question,
  project: project.optional(),
  limit,
  path: path.optional(),
  language: language.optional(),
});

/** Body of `POST /lorekeep/explain`. */
export const explainBody = z.strictObject({
  question,
  project: project.optional(),
  history: z
    .array(z.string())
    .max(100)
    .default([])
    .describe('What the same user said before in this conversation, oldest first.'),
  limit,
});
