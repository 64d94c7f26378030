/** placeholder */
export function openapiDocument(version: string): object {
  return { openapi: '3.1.0', info: { title: 'Lorekeep', version }, paths: {} };
}
