/** A symbol name as it is looked up: lower case, separators dropped, so that `field_naming` finds `FieldNaming`. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
