import { answerCard } from './answer-card.js';
import { element, inline } from './answer-text.js';
import { askQuestion, sender } from './event-stream.js';
import { speaker } from './texts.js';

const keyName = 'lorekeep.key';
const { language, say } = speaker(navigator.languages);
const base = location.pathname.replace(/\/+$/, '');
const send = sender(base, () => sessionStorage.getItem(keyName));
const byId = (id) => document.getElementById(id);
let asking = null;
let hadWrongKey = false;

/** Takes the key out of the address, so that it does not stay in the history. */
function takeKeyFromAddress() {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return;
  sessionStorage.setItem(keyName, key);
  history.replaceState(null, '', location.pathname + location.search);
}

function sayEverything() {
  document.documentElement.lang = language;
  for (const said of document.querySelectorAll('[data-text]')) said.replaceChildren(...inline(say(said.dataset.text)));
  byId('question').placeholder = say('questionPlaceholder');
  const examples = ['example1', 'example2', 'example3'].map((name) => element('button', { type: 'button' }, say(name)));
  for (const button of examples)
    button.addEventListener('click', () => {
      byId('question').value = button.textContent;
      byId('ask-form').requestSubmit();
    });
  byId('examples').append(...examples);
}

function showClients() {
  const key = sessionStorage.getItem(keyName);
  const origin = location.origin + base;
  const rows = [
    ['ollamaClients', origin],
    ['openaiClients', `${origin}/v1`],
    ['anthropicClients', origin],
  ];
  byId('clients').replaceChildren(
    ...rows.flatMap(([name, url]) => [element('dt', {}, say(name)), element('dd', {}, element('code', {}, url))]),
  );
  byId('clients').title = key === null ? '' : say('keyLabel');
}

function askForKey(isWrong) {
  byId('content').hidden = true;
  byId('key-form').hidden = false;
  byId('key-hint').replaceChildren(...inline(say(isWrong ? 'keyWrong' : 'keyHint')));
  byId('key-hint').classList.toggle('bad', isWrong);
  byId('key').focus();
}

/** What a failure means for the page as a whole. A key that is not valid is dropped: perhaps none is needed. */
function isAboutKey(error) {
  if (error.status !== 401) return false;
  if (sessionStorage.getItem(keyName) === null) {
    askForKey(hadWrongKey);
    hadWrongKey = false;
  } else {
    sessionStorage.removeItem(keyName);
    hadWrongKey = true;
    void open();
  }
  return true;
}

function showHealth({ status, checks = [] }) {
  const isOk = status === 'ok';
  byId('health').className = `pill ${isOk ? 'good' : 'warn'}`;
  byId('health').textContent = say(isOk ? 'healthy' : 'degraded');
  byId('checks').replaceChildren(
    ...checks.map(({ name, ok, detail }) =>
      element(
        'li',
        {},
        element('span', { class: ok ? 'dot' : 'dot bad' }),
        element('div', {}, element('div', {}, name), element('div', { class: 'details' }, detail)),
      ),
    ),
  );
}

function showProjects(projects) {
  byId('projects').replaceChildren(
    ...(projects.length === 0 ? [element('li', {}, ...inline(say('noProjects')))] : projects.map(projectItem)),
  );
  const names = projects.map(({ name }) => name);
  fillSelect(byId('project'), [
    ...(names.length === 1 ? [] : [['', say('allProjects')]]),
    ...names.map((name) => [name, name]),
  ]);
}

function projectItem({ name, root, state, progress, problem, status }) {
  const kinds = { ready: 'pill good', indexing: 'pill warn', failed: 'pill bad' };
  const totals = status?.totals;
  const sizes =
    totals === undefined ? [] : [say('size', totals.files.toLocaleString(), totals.chunks.toLocaleString())];
  if (totals?.skipped > 0) sizes.push(say('leftOut', totals.skipped.toLocaleString()));
  return element(
    'li',
    {},
    element('div', { class: 'name' }, element('span', {}, name), element('span', { class: kinds[state] }, say(state))),
    element('div', { class: 'details root', title: root }, root),
    ...(sizes.length === 0 ? [] : [element('div', { class: 'details' }, sizes.join(' · '))]),
    ...(state === 'indexing' && progress !== null ? [element('progress', { max: 1, value: progress })] : []),
    ...(problem === null ? [] : [element('div', { class: 'details' }, problem)]),
  );
}

/** Keeps what is chosen where it still can be. */
function fillSelect(select, options) {
  const chosen = select.value;
  const known = [...select.options].map(({ value }) => value).join('\n');
  if (known === options.map(([value]) => value).join('\n')) return;
  select.replaceChildren(...options.map(([value, text]) => element('option', { value }, text)));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

async function loadModels() {
  const { models } = await (await send('/api/tags')).json();
  const names = models.filter(({ name }) => !name.includes('@')).map(({ name }) => [name, name]);
  fillSelect(byId('model'), [['', say('defaultModel')], ...names, ['-', say('noModel')]]);
  byId('model-choice').hidden = false;
}

/** Looks what is running, again and again; more often while something is indexed. False when a key is wanted first. */
async function watch() {
  let pause = 10_000;
  try {
    if (!document.hidden) {
      const [projects, health] = await Promise.all(
        [send('/lorekeep/projects'), send('/health')].map(async (reply) => (await reply).json()),
      );
      showProjects(projects.projects);
      showHealth(health);
      if (projects.projects.some(({ state }) => state === 'indexing')) pause = 1_500;
    }
  } catch (error) {
    if (isAboutKey(error)) return false;
    byId('health').className = 'pill bad';
    byId('health').textContent = say('unreachable');
  }
  setTimeout(watch, pause);
  return true;
}

async function open() {
  byId('key-form').hidden = true;
  byId('content').hidden = false;
  showClients();
  if (await watch()) await loadModels().catch(() => {});
}

async function ask(question) {
  asking?.abort();
  const controller = new AbortController();
  asking = controller;
  const answer = answerCard(question, say);
  byId('answers').prepend(answer.card);
  byId('examples').hidden = true;
  byId('stop').hidden = false;
  const [project, model] = [byId('project').value, byId('model').value];
  const body = {
    question,
    ...(project === '' ? {} : { project }),
    ...(model === '' ? {} : { model: model === '-' ? null : model }),
  };
  try {
    await askQuestion(send, body, {
      signal: controller.signal,
      onEvent: (name, data) => answer.show[name]?.(data),
    });
    answer.end();
  } catch (error) {
    answer.end(controller.signal.aborted ? say('stopped') : say('failure', error.message));
    isAboutKey(error);
  }
  if (asking === controller) byId('stop').hidden = true;
}

/** A citation opens the code that it names. */
function openCited(event) {
  const link = event.target.closest?.('a.cite');
  if (link === null || link === undefined) return;
  event.preventDefault();
  const cited = document.getElementById(link.getAttribute('href').slice(1));
  cited.open = true;
  cited.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
}

byId('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(keyName, byId('key').value.trim());
  byId('key').value = '';
  void open();
});
byId('ask-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const question = byId('question').value.trim();
  if (question !== '') void ask(question);
});
byId('question').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId('ask-form').requestSubmit();
});
byId('stop').addEventListener('click', () => asking?.abort());
byId('answers').addEventListener('click', openCited);
takeKeyFromAddress();
sayEverything();
void open();
