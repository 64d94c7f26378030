import type { FromChild, ToChild } from '../../src/model/gguf/child-messages.ts';

// A process as a test wants it; the prompt of a job says what it does.
const tell = (message: FromChild): void => void process.send?.(message);
const times = { totalNs: 1, loadNs: 0, promptNs: 0, outputNs: 1 };
let deafTo = 0;

process.on('message', (message: ToChild) => {
  if (message.type === 'setup') return;
  const { id } = message;
  if (message.type === 'stop') {
    if (deafTo !== id) tell({ type: 'failed', id, code: 'aborted', message: 'stopped', isFatal: false });
    return;
  }
  const { job } = message;
  const prompt = job.kind === 'complete' ? job.prompt : '';
  if (prompt === 'exit') {
    process.stderr.write('GGML_ASSERT failed\n', () => process.exit(3));
    return;
  }
  if (prompt === 'silence') return;
  tell({ type: 'piece', id, text: `${process.pid}`, thinking: '' });
  if (prompt === 'deaf') deafTo = id;
  if (prompt === 'deaf' || prompt === 'endless') return;
  tell({ type: 'finished', id, reason: 'stop', promptTokens: 1, outputTokens: 1, times, vectors: [] });
});
process.on('disconnect', () => process.exit(0));
