// The page of the demo: puts its parts together. Each part is a module; the client
// for hashes and streams is cloudfurl's own, which the app adds to these files.
import { Agent } from './agent.js';
import { createFetch, jsonLines } from './cloudfurl.mjs';
import { Path } from './path.js';
import { Plot } from './plot.js';
import { Upload, randomBytes } from './upload.js';
import { Wire, reason, refusal } from './wire.js';

const by = (id) => document.getElementById(id);
const figure = (name) => by(`figure-${name}`);

const path = new Path(by('path'), by('path-why'));
const wire = new Wire(by('wire-log'));
const plot = new Plot(by('plot'), {
  first: figure('first'), count: figure('count'), median: figure('median'), longest: figure('longest'), total: figure('total'),
});
const send = wire.recording((...request) => fetch(...request), async (response) => {
  path.responded(response, response.ok ? '' : await reason(response.clone()));
});
const hashAndSend = createFetch({ fetch: send });

const agent = new Agent({
  status: by('agent-status'), nodes: by('nodes'), answer: by('answer'), sources: by('sources'), work: by('work'),
}, {
  fetch: send,
  sent: (request) => path.sent(request),
  began: () => plot.begin(),
  arrived: () => plot.add(),
});

by('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  const [ask, stop, question] = [event.target.querySelector('[type=submit]'), by('stop'), by('question')];
  if (ask.disabled) return; // The other buttons suggest questions.
  if (event.submitter && event.submitter !== ask) question.value = event.submitter.textContent;
  replace(ask, stop);
  await agent.ask(question.value.trim());
  replace(stop, ask);
});
by('stop').addEventListener('click', () => agent.stop());

// Disables one button and enables another, which gets the focus that the first would lose.
function replace(button, other) {
  other.disabled = false;
  if (document.activeElement === button) other.focus();
  button.disabled = true;
}

const upload = new Upload({
  progress: by('upload-progress'), status: by('upload-status'), here: by('hash-here'), there: by('hash-there'),
}, async function* (bytes, hash) {
  path.sent({ hashed: hash });
  const post = hash ? hashAndSend : send;
  const response = await post('api/upload', { method: 'POST', body: bytes, headers: { 'content-type': 'application/octet-stream' } });
  if (!response.ok) throw await refusal(response);
  yield* jsonLines(response);
});

async function uploading(blob, name) {
  const buttons = [...by('send').querySelectorAll('button')];
  const focused = buttons.find((button) => button === document.activeElement);
  for (const button of buttons) button.disabled = true;
  await upload.run(blob, name, by('hash-first').checked);
  for (const button of buttons) button.disabled = false;
  // A disabled button loses the focus. It returns unless it has gone somewhere else meanwhile.
  if (document.activeElement === document.body) focused?.focus();
}

by('send').addEventListener('submit', async (event) => {
  event.preventDefault();
  const [file] = by('file').files;
  if (!file) return upload.say('Choose a file first.', 'bad');
  await uploading(file, file.name);
});
by('random').addEventListener('click', () => uploading(new Blob([randomBytes(1 << 20)]), 'random bytes'));
by('clear').addEventListener('click', () => wire.clear());
