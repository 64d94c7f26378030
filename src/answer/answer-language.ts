/**
 * The language to answer in, as a model is told: by the question's script, since small models ignore a general rule.
 */
export function answerLanguage(question: string): string {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(question)) return 'Japanese (日本語)';
  if (/\p{Script=Hangul}/u.test(question)) return 'Korean (한국어)';
  if (/\p{Script=Han}/u.test(question)) return 'Chinese (中文)';
  return 'the language of the question';
}
