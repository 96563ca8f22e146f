/** The running stack: its address and key, its tenants, and the cables to pull. */
import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {after, beforeEach} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import OpenAI from 'openai';

const ROOT = process.env.WEIR_URL;
export const MODEL = 'scripted';
export const TARGET = 'local.scripted';

/** Calls the local stack's control, which is not part of the product. */
export async function control(method, path, body) {
  const reply = await fetch(`${ROOT}/_local/${path}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) {
    throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  }
  return JSON.parse(text);
}

/** A client of a new tenant with these limits, made as an operator makes it. */
export function connect(limits = [], options = {}) {
  const command = new URL('../../../bin/weir', import.meta.url).pathname;
  const weir = (...words) => execFileSync(command, words, {encoding: 'utf8'});
  const name = `test-${randomBytes(4).toString('hex')}`;
  weir('tenant', 'create', name, ...limits);
  return client(weir('key', 'issue', name).trim().split(' ')[1], options);
}

export function client(apiKey, options = {}) {
  return new OpenAI({baseURL: `${ROOT}/v1`, apiKey, timeout: 60_000, ...options});
}

/** Makes the next calls of the model go wrong. */
export function fault(kind, details = {}) {
  return control('POST', 'bedrock/faults', {model: TARGET, kind, times: 1, ...details});
}

/** How many calls the model has seen with this outcome since the test began. */
export async function calls(outcome) {
  const {calls: totals} = await control('GET', 'bedrock/calls');
  return totals
    .filter(total => total.model === TARGET)
    .reduce((sum, total) => sum + total[outcome], 0);
}

/** Waits until actual() is as expected; gives what it was at last. */
export async function eventually(expected, actual, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  let found = await actual();
  while (found !== expected && Date.now() < end) {
    await sleep(200);
    found = await actual();
  }
  return found;
}

/** The chunks of a stream. */
export async function all(stream) {
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return chunks;
}

/** No faults, and calls counted from zero. */
export function fresh() {
  beforeEach(async () => {
    await control('DELETE', 'bedrock/faults');
    await control('DELETE', 'bedrock/calls');
  });
  after(() => control('DELETE', 'bedrock/faults'));
}

export const ask = (text = 'Say hello.', more = {}) => ({
  model: MODEL,
  messages: [{role: 'user', content: text}],
  ...more,
});
