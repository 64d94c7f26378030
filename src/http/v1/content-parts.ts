import { z } from 'zod';
import { ServiceError } from '../../core/errors.ts';

/** A part of a message in either of OpenAI's protocols. */
const part = z.looseObject({
  type: z.string(),
  text: z.string().nullish(),
  refusal: z.string().nullish(),
  image_url: z.union([z.string(), z.looseObject({ url: z.string() })]).nullish(),
});

/** What a message says: a text, parts, or nothing. */
export const contentField = z.union([z.string(), z.array(part)]).nullish();

/** A message's parts as the gateway takes them. */
export interface PlainContent {
  readonly content: string;
  readonly images?: readonly string[];
}

const textTypes = new Set(['text', 'input_text', 'output_text', 'reasoning_text', 'summary_text']);

/** One text of all parts, and the images beside it. Errors: `request_invalid` for what no model here takes. */
export function plainContent(content: z.infer<typeof contentField>): PlainContent {
  if (content === null || content === undefined) return { content: '' };
  if (typeof content === 'string') return { content };
  const texts: string[] = [];
  const images: string[] = [];
  for (const { type, text, refusal, image_url: image } of content) {
    if (textTypes.has(type)) texts.push(text ?? '');
    else if (type === 'refusal') texts.push(refusal ?? '');
    else if (image !== null && image !== undefined)
      images.push(imageBytes(typeof image === 'string' ? image : image.url));
    else
      throw new ServiceError('request_invalid', `Content of the type "${type}" is not supported; send text or images.`);
  }
  return { content: texts.join('\n'), ...(images.length === 0 ? {} : { images }) };
}

/** The base64 text of a data URL. Errors: `request_invalid` for any other URL, since nothing is fetched. */
function imageBytes(url: string): string {
  const [head, data] = [url.slice(0, url.indexOf(',') + 1), url.slice(url.indexOf(',') + 1)];
  if (/^data:image\/[\w.+-]+;base64,$/i.test(head)) return data;
  throw new ServiceError(
    'request_invalid',
    'Images must be data URLs (data:image/png;base64,…): no other URL is fetched.',
  );
}
