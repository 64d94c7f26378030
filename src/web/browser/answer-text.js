/**
 * An answer as elements: paragraphs, lists, headings, code in fences and in backticks, bold words, and citations as links. Built from
 * nodes, never from markup: what a model writes cannot become a part of the page.
 */
export function answerNodes(text, linkOf) {
  const nodes = [];
  let lines = [];
  const flush = () => {
    nodes.push(...blocks(lines.join('\n'), linkOf));
    lines = [];
  };
  let fence = null;
  for (const line of text.split('\n')) {
    const isFence = /^\s*```/.test(line);
    if (isFence && fence === null) {
      flush();
      fence = [];
    } else if (isFence) {
      nodes.push(codeBlock(fence.join('\n')));
      fence = null;
    } else (fence ?? lines).push(line);
  }
  if (fence === null) flush();
  else nodes.push(codeBlock(fence.join('\n')));
  return nodes;
}

/** Code with its lines as they are. */
export function codeBlock(text) {
  return element('pre', {}, element('code', {}, text));
}

/** An element with attributes and children; undefined attributes are left out. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function blocks(text, linkOf) {
  return text
    .split(/\n\s*\n/)
    .filter((block) => block.trim() !== '')
    .flatMap((block) => oneBlock(block, linkOf));
}

function oneBlock(block, linkOf) {
  const lines = block.split('\n').filter((line) => line.trim() !== '');
  const kind = listKind(lines[0]);
  if (kind !== null) return listBlock(lines, kind, linkOf);
  const heading = /^#{1,6}\s+(.*)/.exec(lines[0]);
  if (heading !== null) {
    const rest = lines.slice(1).join('\n');
    return [element('h3', {}, ...inline(heading[1], linkOf)), ...(rest === '' ? [] : oneBlock(rest, linkOf))];
  }
  const listAt = lines.findIndex((line) => listKind(line) !== null);
  const own = listAt < 0 ? lines : lines.slice(0, listAt);
  const paragraph = element('p', {}, ...inline(own.join('\n'), linkOf));
  return listAt < 0 ? [paragraph] : [paragraph, ...oneBlock(lines.slice(listAt).join('\n'), linkOf)];
}

function listKind(line) {
  if (/^\s*[-*•]\s+/.test(line)) return 'ul';
  return /^\s*\d+[.)]\s+/.test(line) ? 'ol' : null;
}

function listBlock(lines, kind, linkOf) {
  const items = [];
  for (const line of lines) {
    if (listKind(line) === null && items.length > 0) items[items.length - 1] += `\n${line.trim()}`;
    else items.push(line.replace(/^\s*([-*•]|\d+[.)])\s+/, ''));
  }
  return [element(kind, {}, ...items.map((item) => element('li', {}, ...inline(item, linkOf))))];
}

/** One line's text as nodes: code, bold words and citations. */
export function inline(text, linkOf = () => undefined) {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*|\[\d+\])/).map((part) => {
    if (/^`.+`$/.test(part)) return element('code', {}, part.slice(1, -1));
    if (/^\*\*.+\*\*$/.test(part)) return element('strong', {}, part.slice(2, -2));
    const link = /^\[\d+\]$/.test(part) ? linkOf(Number(part.slice(1, -1))) : undefined;
    return link === undefined ? part : element('a', { class: 'cite', href: link }, part);
  });
}
