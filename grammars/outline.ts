import type { Node, QueryMatch } from 'web-tree-sitter';
import { referenceKinds, symbolKinds, type ReferenceKind, type SymbolKind } from '../src/core/code-graph.ts';
import { ServiceError } from '../src/core/errors.ts';
import type { Definition, Outline, ReferenceSite, SyntaxSpan, SyntaxUnit } from './syntax-tree.ts';

/** A longer name is no name that anyone looks for. */
const maxName = 200;
/** Enough to tell that a text is too long for a name. */
const maxNameText = 1000;
/** Definitions nested deeper than this are filed under the container at this depth. */
const maxContainerDepth = 16;

/** What a capture name of a query stands for. */
type Role =
  | { readonly part: 'unit' | 'body' | 'unitName' | 'lead' | 'name' | 'container' }
  | { readonly part: 'definition'; readonly kind: SymbolKind }
  | { readonly part: 'reference'; readonly kind: ReferenceKind };

/** One match of a pattern: its captures by what they stand for. */
interface Parts {
  readonly pattern: number;
  readonly nodes: { [part in Role['part']]?: Node };
  kind: SymbolKind | ReferenceKind | '';
  /** Where the last node of a unit or definition ends that lies in several neighbouring nodes, else 0. */
  end: number;
}

type Found<T> = { -readonly [key in keyof T]: T[key] };

/** Reads capture names once per query; an unknown one is a mistake in the query. */
export class OutlineReader {
  readonly #roles: ReadonlyMap<string, Role | null>;

  constructor(captureNames: readonly string[]) {
    this.#roles = new Map(captureNames.map((name) => [name, roleOf(name)]));
  }

  /** Sorts what a query found in a text into an outline. Of several patterns for the same name the first one counts. */
  read(matches: readonly QueryMatch[], text: string): Outline {
    const findings = new Findings(text);
    for (const match of matches) {
      const parts: Parts = { pattern: match.patternIndex, nodes: {}, kind: '', end: 0 };
      for (const { name, node } of match.captures) {
        const role = this.#roles.get(name);
        if (!role) continue;
        // Some grammars put a function's body beside its head: captured on both, the unit is both.
        const isSpread = (role.part === 'unit' || role.part === 'definition') && parts.nodes[role.part] !== undefined;
        if (isSpread) parts.end = node.endIndex;
        else parts.nodes[role.part] = node;
        if ('kind' in role) parts.kind = role.kind;
      }
      findings.add(parts);
    }
    return findings.outline();
  }
}

const plainRoles: Readonly<Record<string, Role>> = {
  unit: { part: 'unit' },
  'unit.body': { part: 'body' },
  'unit.name': { part: 'unitName' },
  lead: { part: 'lead' },
  name: { part: 'name' },
  container: { part: 'container' },
};

function roleOf(capture: string): Role | null {
  if (capture.startsWith('_')) return null;
  const kindName = capture.slice(capture.indexOf('.') + 1);
  const symbolKind = symbolKinds.find((kind) => kind === kindName);
  if (capture.startsWith('definition.') && symbolKind) return { part: 'definition', kind: symbolKind };
  const referenceKind = referenceKinds.find((kind) => kind === kindName);
  if (capture.startsWith('reference.') && referenceKind) return { part: 'reference', kind: referenceKind };
  const plain = plainRoles[capture];
  if (!plain) throw new ServiceError('internal', `A grammar query captures @${capture}, which has no meaning.`);
  return plain;
}

/** What has been found so far: nodes by their id, names by their offset. */
class Findings {
  readonly #units = new Map<number, Found<SyntaxUnit>>();
  readonly #leads = new Map<number, SyntaxSpan>();
  /** Units that the query itself gives a name: what is in a Rust `impl` or a Swift extension belongs to that name. */
  readonly #named = new Set<Scope>();
  readonly #definitions = new Map<number, Found<Definition> & { readonly pattern: number }>();
  readonly #references = new Map<number, ReferenceSite & { readonly pattern: number }>();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  add(parts: Parts): void {
    const { unit, lead, definition, reference, name } = parts.nodes;
    if (unit) this.#addUnit(unit, parts);
    if (lead) this.#leads.set(lead.startIndex, spanOf(lead));
    if (definition && name) this.#addDefinition(definition, name, parts);
    if (reference) this.#addReference(reference, parts);
  }

  outline(): Outline {
    const units = withoutWrapped([...this.#units.values()].sort(byStart));
    const definitions = [...this.#definitions.values()].sort(byStart);
    nameUnits(units, definitions);
    fillContainers([...definitions, ...this.#named].sort(byStart));
    return {
      units,
      leads: [...this.#leads.values()].sort(byStart),
      definitions: definitions.map(({ pattern: _, ...definition }) => definition),
      references: [...this.#references.values()]
        .filter(({ start }) => !this.#definitions.has(start))
        .sort((left, right) => left.start - right.start)
        .map(({ name, kind, start }) => ({ name, kind, start })),
    };
  }

  #addUnit(node: Node, { nodes: { body, unitName }, end }: Parts): void {
    let unit = this.#units.get(node.id);
    if (unit === undefined) {
      const span = spanOf(node, end);
      unit = { ...span, bodyStart: span.end, name: '' };
      this.#units.set(node.id, unit);
    }
    if (body) unit.bodyStart = Math.min(unit.bodyStart, body.startIndex);
    if (!unitName || unit.name !== '') return;
    unit.name = this.#nameAt(unitName).slice(0, maxName);
    this.#named.add({ start: unit.start, end: unit.end, name: unit.name, container: '', kind: null });
  }

  #addDefinition(node: Node, nameNode: Node, { nodes, kind, pattern, end }: Parts): void {
    const nodeStart = nameNode.startIndex;
    const known = this.#definitions.get(nodeStart);
    if (known !== undefined && known.pattern <= pattern) return;
    const name = this.#nameAt(nameNode);
    if (name === '' || name.length > maxName) return;
    const container = nodes.container ? this.#nameAt(nodes.container) : '';
    const span = spanOf(node, end);
    const nameStart = Math.max(
      nodeStart,
      nodeStart + this.#text.slice(nodeStart, nodeStart + maxNameText).indexOf(name),
    );
    const details = { name, kind: kind as SymbolKind, container, nameStart, bodyStart: span.end, pattern };
    this.#definitions.set(nodeStart, { ...span, ...details });
  }

  #addReference(node: Node, { kind, pattern }: Parts): void {
    const start = node.startIndex;
    const known = this.#references.get(start);
    if (known !== undefined && known.pattern <= pattern) return;
    const name = this.#nameAt(node);
    if (name === '' || name.length > maxName) return;
    this.#references.set(start, { name, kind: kind as ReferenceKind, start, pattern });
  }

  #nameAt(node: Node): string {
    const text = this.#text.slice(node.startIndex, Math.min(node.endIndex, node.startIndex + maxNameText));
    return plainName.test(text) ? text : tidyName(text);
  }
}

const plainName = /^[\w$]+$/;

/** A name as other places write it: without quotes and the colon of a symbol (`:name`, `name:`), on one line. */
function tidyName(text: string): string {
  return text
    .trim()
    .replace(/^(["'`])([^]*)\1$/, '$2')
    .replace(/^:(?=\w)|(?<=\w):$/g, '')
    .replace(/\s+/g, ' ');
}

function spanOf(node: Node, end = 0): SyntaxSpan {
  return { start: node.startIndex, end: Math.max(node.endIndex, end) };
}

/** Of two that start together the longer one first. */
function byStart(left: SyntaxSpan, right: SyntaxSpan): number {
  return left.start - right.start || right.end - left.end;
}

/** Leaves out what another unit merely wraps, as an export, a template or a decorated definition does: same body. */
function withoutWrapped(units: readonly Found<SyntaxUnit>[]): Found<SyntaxUnit>[] {
  const open: Found<SyntaxUnit>[] = [];
  return units.filter((unit) => {
    while (open.length > 0 && open.at(-1)!.end <= unit.start) open.pop();
    const outer = open.at(-1);
    const hasBody = unit.bodyStart < unit.end;
    if (outer?.bodyStart === unit.bodyStart && (hasBody || outer.end === unit.end)) {
      outer.name ||= unit.name;
      return false;
    }
    open.push(unit);
    return true;
  });
}

/** A unit is called as the first definition in its head, and that definition has the unit's body. */
function nameUnits(units: readonly Found<SyntaxUnit>[], definitions: readonly Found<Definition>[]): void {
  const byName = definitions.toSorted((left, right) => left.nameStart - right.nameStart);
  const bySpan = new Map(definitions.map((definition) => [`${definition.start}-${definition.end}`, definition]));
  let next = 0;
  for (const unit of units) {
    while (next < byName.length && byName[next]!.nameStart < unit.start) next++;
    const first = byName[next];
    const inHead = first !== undefined && first.nameStart < unit.bodyStart;
    // The name of `typedef struct { … } line;` stands behind its body.
    const definition = inHead ? first : bySpan.get(`${unit.start}-${unit.end}`);
    if (definition === undefined) continue;
    unit.name ||= definition.name;
    if (definition.end > unit.bodyStart) definition.bodyStart = unit.bodyStart;
  }
}

/** What gives its name to the definitions inside. */
interface Scope extends SyntaxSpan {
  readonly name: string;
  container: string;
  /** Null for a unit that only the query names. */
  kind: SymbolKind | null;
}

/** A function in one of these is a method, whether or not the query says so. */
const methodOwners: ReadonlySet<SymbolKind | null> = new Set(['class', 'interface', 'enum', 'type', null]);

/** Puts the names of the enclosing scopes before a container that the syntax itself tells (a Go receiver). */
function fillContainers(scopes: readonly Scope[]): void {
  const open: Scope[] = [];
  for (const scope of scopes) {
    while (open.length > 0 && !encloses(open.at(-1)!, scope)) open.pop();
    const outer = open.at(-1);
    // A parameter that is a field as well belongs to the class, not to its constructor.
    const isOfClass = outer?.kind === 'constructor' && scope.kind === 'field';
    const path = [outer?.container ?? '', isOfClass ? '' : (outer?.name ?? ''), scope.container];
    scope.container = path.filter((name) => name !== '').join('.');
    if (outer && scope.kind === 'function' && methodOwners.has(outer.kind)) scope.kind = 'method';
    if (open.length < maxContainerDepth) open.push(scope);
  }
}

/** Names that share one declaration (`a, b int`) stand beside each other. */
function encloses(outer: SyntaxSpan, inner: SyntaxSpan): boolean {
  return inner.start < outer.end && (inner.start !== outer.start || inner.end !== outer.end);
}
