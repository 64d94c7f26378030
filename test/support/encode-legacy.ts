/** Encodes text in an encoding that Node can only decode, by turning its decoder round. One and two byte forms only. */
export function encodeLegacy(text: string, label: string): Buffer {
  const table = encodingTable(label);
  const parts = Array.from(text, (char) => {
    const bytes = table.get(char);
    if (bytes === undefined) throw new Error(`${label} has no ${char}`);
    return bytes;
  });
  return Buffer.concat(parts);
}

const tables = new Map<string, ReadonlyMap<string, Buffer>>();

function encodingTable(label: string): ReadonlyMap<string, Buffer> {
  const known = tables.get(label);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(label, { fatal: true });
  const table = new Map<string, Buffer>();
  const add = (bytes: Buffer): void => {
    const char = orNull(() => decoder.decode(bytes));
    if (char !== null && /^.$/su.test(char) && !table.has(char)) table.set(char, bytes);
  };
  for (let byte = 0; byte < 256; byte++) add(Buffer.from([byte]));
  for (let lead = 0x81; lead < 0xff; lead++)
    for (let trail = 0x40; trail < 0xff; trail++) add(Buffer.from([lead, trail]));
  tables.set(label, table);
  return table;
}

function orNull(decode: () => string): string | null {
  try {
    return decode();
  } catch {
    return null;
  }
}
